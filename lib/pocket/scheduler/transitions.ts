import type { Ending, TaskState } from '../job.js';
import type { PocketState } from '../state/state.js';
import { orderSignal, SIGCONT, SIGKILL, SIGTERM } from './signals.js';

/**
 * How tasks move from state to state. Each function is guarded by the state that it leads from and says whether the
 * task was in it; all are called within a transaction.
 *
 *     PENDING -> RUNNING        startTask
 *     PENDING -> terminal       endPending     cancelled, dependency never satisfied, deadline
 *     RUNNING -> RUNNING+ending beginEnding    (squeue: COMPLETING) cancelled, time limit, node lost, preempted …
 *     RUNNING -> terminal       endRun         its processes are gone
 *     RUNNING -> PENDING        requeueRun     its processes are gone, and it is to run again
 *     terminal -> PENDING       requeueEnded
 */

export interface Start {
  task: number;
  rawId: number;
  partition: string;
  nodes: readonly string[];
  /** Over all nodes. */
  cpus: number;
  /** Bytes on each node. */
  memory: number;
  /** Seconds; Infinity for none. */
  timeLimit: number;
}

export function startTask(state: PocketState, start: Start, now: number): boolean {
  const { changes } = state
    .sql(
      `UPDATE task SET state = 'RUNNING', reason = 'None', raw_id = @rawId, partition = @partition, nodes = @nodes,
         cpus = @cpus, memory = @memory, time_limit = @timeLimit, started_at = @now, exit_code = 0, exit_signal = 0,
         cancelled_by = NULL, max_rss = NULL, kill_at = NULL, warned = 0
       WHERE id = @task AND state = 'PENDING'`,
    )
    .run({
      ...start,
      now,
      nodes: start.nodes.join(','),
      timeLimit: start.timeLimit === Number.POSITIVE_INFINITY ? null : start.timeLimit,
    });
  if (changes === 0) return false;
  state
    .sql(
      `INSERT INTO step (task, restart, name, command, state, started_at)
       SELECT id, restarts, 'batch', 'batch', 'RUNNING', started_at FROM task WHERE id = ?`,
    )
    .run(start.task);
  return true;
}

export function endPending(
  state: PocketState,
  task: number,
  end: { state: TaskState; reason?: string; cancelledBy?: number },
  now: number,
): boolean {
  const { changes } = state
    .sql(
      `UPDATE task SET state = @state, ended_at = @now, cancelled_by = @cancelledBy,
         exit_signal = (@state = 'DEADLINE'),
         reason = coalesce(@reason, CASE WHEN raw_id IS NULL THEN (SELECT reason FROM job WHERE job.id = task.job) ELSE reason END)
       WHERE id = @task AND state = 'PENDING'`,
    )
    .run({ task, now, state: end.state, reason: end.reason ?? null, cancelledBy: end.cancelledBy ?? null });
  return changes > 0;
}

/** Endings in which processes get no time to end by themselves. */
const AT_ONCE: ReadonlySet<Ending> = new Set(['NODE_FAIL', 'OUT_OF_MEMORY']);

/** Has the processes of a run ended: TERM, and KILL after KillWait. The first reason stays. */
export function beginEnding(
  state: PocketState,
  task: number,
  end: { ending: Ending; cancelledBy?: number },
  now: number,
): boolean {
  const atOnce = AT_ONCE.has(end.ending);
  const { changes } = state
    .sql(
      `UPDATE task SET ending = @ending, cancelled_by = @cancelledBy, kill_at = @killAt
       WHERE id = @task AND state = 'RUNNING' AND ending IS NULL`,
    )
    .run({
      task,
      ending: end.ending,
      cancelledBy: end.cancelledBy ?? null,
      killAt: atOnce ? null : now + state.cluster.settings.killWait,
    });
  if (changes === 0) return false;
  if (atOnce) orderSignal(state, task, SIGKILL, 'all');
  else {
    orderSignal(state, task, SIGTERM, 'all');
    orderSignal(state, task, SIGCONT, 'all');
  }
  return true;
}

export interface End {
  state: TaskState;
  reason: string;
  exitCode: number;
  exitSignal: number;
  maxRss: number | null;
}

export function endRun(state: PocketState, task: number, end: End, endedAt: number): boolean {
  const { changes } = state
    .sql(
      `UPDATE task SET state = @state, ending = NULL, kill_at = NULL, reason = @reason, exit_code = @exitCode,
         exit_signal = @exitSignal, max_rss = @maxRss, ended_at = max(@endedAt, started_at)
       WHERE id = @task AND state = 'RUNNING'`,
    )
    .run({ ...end, task, endedAt });
  return changes > 0;
}

/** Keeps the run that is over as a former one, and lets the task wait for the next. */
export function requeueRun(
  state: PocketState,
  task: number,
  formerState: string,
  end: End,
  endedAt: number,
): boolean {
  if (!endRun(state, task, { ...end, state: 'CANCELLED' }, endedAt)) return false;
  return requeueEnded(state, task, formerState, endedAt);
}

/**
 * Runs a task again that has ended. It counts as submitted anew, in a later second than the last time, however soon that
 * was: by that second slurmdbd tells the runs of a job apart (measured: requeued within the second of its submission).
 */
export function requeueEnded(state: PocketState, task: number, formerState: string, now: number): boolean {
  state
    .sql(
      `INSERT INTO former_run (task, restart, state, partition, nodes, cpus, requeued_at, started_at, ended_at, exit_code,
         exit_signal)
       SELECT id, restarts, ?, partition, nodes, cpus, requeued_at, started_at, ended_at, exit_code, exit_signal FROM task
       WHERE id = ? AND ended_at IS NOT NULL`,
    )
    .run(formerState, task);
  const { changes } = state
    .sql(
      `UPDATE task SET state = 'PENDING', reason = 'BeginTime', restarts = restarts + 1, begin_at = @beginAt,
         requeued_at = max(@now, 1 + floor(coalesce(requeued_at, (SELECT submitted_at FROM job WHERE job.id = task.job)))),
         partition = NULL, nodes = NULL, cpus = NULL, memory = NULL, time_limit = NULL, started_at = NULL,
         ended_at = NULL, exit_code = 0, exit_signal = 0, cancelled_by = NULL, max_rss = NULL, ending = NULL,
         kill_at = NULL, warned = 0
       WHERE id = @task AND ended_at IS NOT NULL`,
    )
    .run({ task, now, beginAt: now + state.cluster.settings.requeueDelay });
  return changes > 0;
}
