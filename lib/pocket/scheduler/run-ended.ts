import type { Ending, RunEnd, RunId, TaskState } from '../job.js';
import type { PocketState } from '../state/state.js';
import { facts } from './job-facts.js';
import { type End, endRun, requeueRun } from './transitions.js';

/** Ends that lead to another run, where the job admits one, and what the run that is over is called then. */
const RUNS_AGAIN: Readonly<Record<Ending, 'always' | 'if-requeue' | 'if-preempt-requeue' | 'never'>> = {
  REQUEUED: 'always',
  NODE_FAIL: 'if-requeue',
  PREEMPTED: 'if-preempt-requeue',
  CANCELLED: 'never',
  TIMEOUT: 'never',
  OUT_OF_MEMORY: 'never',
};

/** What scontrol gives as Reason of a task that has ended so. */
const REASONS: Readonly<Partial<Record<TaskState, string>>> = {
  FAILED: 'NonZeroExitCode',
  TIMEOUT: 'TimeLimit',
  OUT_OF_MEMORY: 'OutOfMemory',
  NODE_FAIL: 'NodeDown',
};

/** What Slurm gives as the signal of a run that the kernel's out-of-memory handler has ended. */
const OOM_SIGNAL = 125;

/** What Slurm gives as the signal of a run that could not be started. */
const LAUNCH_FAILED_SIGNAL = 53;

interface Running {
  id: number;
  job: number;
  ending: Ending | null;
  partition: string;
  startedAt: number;
  timeLimit: number | null;
}

/**
 * Takes note that the processes of a run are gone. What is told twice, or of a run that is over, changes nothing.
 *
 * @returns false then
 */
export function runEnded(state: PocketState, end: RunEnd): boolean {
  return state.write(() => {
    const found = runningTask(state, end.run);
    if (found === null) return false;
    const ending = endedBefore(found, end.endedAt) ? null : found.ending;
    const task = { ...found, ending: ending ?? (end.lost ? 'NODE_FAIL' : null) };
    const verdict = verdictOf(task.ending, end);
    endSteps(state, task, end, verdict);
    if (task.ending !== null && runsAgain(state, task, task.ending)) {
      return requeueRun(state, task.id, task.ending, verdict, end.endedAt);
    }
    return endRun(state, task.id, verdict, end.endedAt);
  });
}

function runningTask(state: PocketState, { rawId, restart }: RunId): Running | null {
  const row = state
    .sql<Running>(
      "SELECT id, job, ending, partition, started_at AS startedAt, time_limit AS timeLimit FROM task WHERE raw_id = ? AND restarts = ? AND state = 'RUNNING'",
    )
    .get(rawId, restart);
  return row ?? null;
}

/** A daemon that was away past the time limit hears of the end only after it has called for one. */
function endedBefore({ ending, startedAt, timeLimit }: Running, endedAt: number): boolean {
  return ending === 'TIMEOUT' && timeLimit !== null && endedAt < startedAt + timeLimit;
}

function verdictOf(ending: Ending | null, { exit, outOfMemory, launchFailed, maxRss }: RunEnd): End {
  const end = (
    state: TaskState,
    exitCode: number,
    exitSignal: number,
    reason = REASONS[state] ?? 'None',
  ) => ({
    state,
    reason,
    exitCode,
    exitSignal,
    maxRss,
  });
  if (ending === 'REQUEUED') return end('CANCELLED', 0, 0);
  if (ending === 'NODE_FAIL') return end('NODE_FAIL', 0, 0);
  if (ending !== null) return end(ending, exit.code, exit.signal);
  if (launchFailed) return end('FAILED', 0, LAUNCH_FAILED_SIGNAL, 'JobLaunchFailure');
  if (outOfMemory) return end('OUT_OF_MEMORY', 0, OOM_SIGNAL);
  if (exit.signal > 0) return end('FAILED', exit.code, exit.signal, 'JobLaunchFailure');
  return exit.code === 0 ? end('COMPLETED', 0, 0) : end('FAILED', exit.code, 0);
}

function runsAgain(state: PocketState, { job, partition }: Running, ending: Ending): boolean {
  switch (RUNS_AGAIN[ending]) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'if-requeue':
      return facts(state, job).requeue;
    case 'if-preempt-requeue':
      return (
        facts(state, job).requeue &&
        state.cluster.partitions.find(({ name }) => name === partition)?.preempt === 'requeue'
      );
    default:
      return RUNS_AGAIN[ending] satisfies never;
  }
}

/** Steps of srun that nobody has ended went with the batch step. */
function endSteps(state: PocketState, task: Running, end: RunEnd, verdict: End): void {
  const { run, exit, endedAt } = end;
  const killed = task.ending !== null;
  // Of a script that a signal ended, or that could not be started, the job has failed and its step is cancelled.
  const cancelled = killed || (verdict.state === 'FAILED' && verdict.exitSignal > 0);
  state
    .sql(
      `UPDATE step SET state = @state, ended_at = max(@endedAt, started_at), exit_code = @code, exit_signal = @signal,
         max_rss = coalesce(@maxRss, max_rss)
       WHERE task = @task AND restart = @restart AND ended_at IS NULL`,
    )
    .run({
      task: task.id,
      restart: run.restart,
      endedAt,
      state: cancelled ? 'CANCELLED' : verdict.state,
      code: killed ? exit.code : verdict.exitCode,
      signal: killed ? exit.signal : verdict.exitSignal,
      maxRss: verdict.maxRss,
    });
}
