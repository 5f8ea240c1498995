import type { LaunchedJob } from '../daemon/job-environment.js';
import type { Ending, RunId, Submission } from '../job.js';
import type { PocketState } from './state.js';

interface LaunchedJobRow extends Omit<LaunchedJob, 'submission'> {
  submission: string;
}

/** What the daemon needs of a job to start runs of it. @throws when there is no such job */
export function readLaunchedJob(state: PocketState, id: number): LaunchedJob {
  const row = state
    .sql<LaunchedJobRow>(
      `SELECT id, name, user, submission, script, environment,
              memory_per_node AS memoryPerNode, memory_per_cpu AS memoryPerCpu
       FROM job WHERE id = ?`,
    )
    .get(id);
  if (row === undefined) throw new Error(`no job ${id}`);
  return { ...row, submission: JSON.parse(row.submission) as Submission };
}

/** Why a run is being ended; null while it is not. */
export function endingOf(state: PocketState, { rawId, restart }: RunId): Ending | null {
  const row = state
    .sql<{ ending: Ending | null }>('SELECT ending FROM task WHERE raw_id = ? AND restarts = ?')
    .get(rawId, restart);
  return row?.ending ?? null;
}
