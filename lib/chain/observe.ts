import { pause as wait } from '../clock.js';
import { SlurmCommandError } from '../slurm/command-error.js';
import { sacct } from '../slurm/sacct.js';
import { scontrolShowJob } from '../slurm/scontrol.js';
import { type Checkpoint, lastRound, type Outcomes, type Round } from './checkpoint.js';
import { readRecords } from './completion-records.js';
import type { ChainPaths } from './paths.js';
import { RoundTasks } from './round-tasks.js';
import { addVanished } from './vanished-tasks.js';

/** What is known of a round's tasks. */
export interface Observation {
  outcomes: Outcomes;
  /** Tasks whose end is not proved yet. */
  open: number;
}

/** Pauses between looks while accounting catches up, in seconds: it lags 0.1 to 5 s behind the controller. */
const ACCOUNTING_LAG = [0.2, 0.3, 0.5, 1, 1, 1];

/**
 * Finds out how the tasks of the last round ended: from accounting, with a few looks while it lags, then from the
 * controller for what accounting does not know (or when it is down, or there is none), then from completion records
 * for what the controller has forgotten, then from what none of them knows. What is not proved stays open.
 */
export async function observeRound(
  { checkpoint, paths }: { checkpoint: Checkpoint; paths: ChainPaths },
  env: NodeJS.ProcessEnv,
): Promise<Observation> {
  const { evidence, ladder } = checkpoint;
  const round = lastRound(checkpoint);
  const tasks = new RoundTasks(checkpoint);
  if (evidence.accounting) await followAccounting(tasks, env);
  if (tasks.open > 0 || tasks.exitLost) await lookAtController(tasks, env);
  if (evidence.records)
    tasks.addRecords(readRecords(paths.records(round.number)), (level) => ladder.levels[level]?.time ?? null);
  const forgotten = checkpoint.events.some(
    ({ kind, round: at }) => kind === 'stopped' && at === round.number,
  );
  if (tasks.open > 0 && evidence.accounting) await lookForVanished(tasks, { round, forgotten }, env);
  return { outcomes: tasks.outcomes, open: tasks.open };
}

async function followAccounting(tasks: RoundTasks, env: NodeJS.ProcessEnv): Promise<void> {
  for (const pause of [...ACCOUNTING_LAG, null]) {
    const reachable = await lookAtAccounting(tasks, env);
    if (tasks.open === 0 || !reachable || pause === null) return;
    await wait(pause);
  }
}

async function lookAtAccounting(tasks: RoundTasks, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const look = tasks.lookAtAccounting();
    await sacct(tasks.jobIds, env, (row) => look.add(row));
    look.end();
    return true;
  } catch (error) {
    if (error instanceof SlurmCommandError) return false;
    throw error;
  }
}

async function lookForVanished(
  tasks: RoundTasks,
  about: { round: Round; forgotten: boolean },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  try {
    await addVanished(tasks, about, env, () => lookAtAccounting(tasks, env));
  } catch (error) {
    if (!(error instanceof SlurmCommandError)) throw error;
  }
}

async function lookAtController(tasks: RoundTasks, env: NodeJS.ProcessEnv): Promise<void> {
  for (const jobId of tasks.jobIds) {
    try {
      tasks.addController(jobId, await scontrolShowJob(jobId, env));
    } catch (error) {
      if (!(error instanceof SlurmCommandError)) throw error;
    }
  }
}
