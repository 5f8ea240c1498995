import type { Submission } from '../job.js';
import type { PocketState } from '../state/state.js';

/** What a job was submitted with. */
export function facts(state: PocketState, job: number): Submission {
  const row = state.sql<{ submission: string }>('SELECT submission FROM job WHERE id = ?').get(job);
  if (row === undefined) throw new Error(`no job ${job}`);
  return JSON.parse(row.submission) as Submission;
}
