import type { JobRow } from '../state/queries.js';
import type { PocketState } from '../state/state.js';

/** A task that waits; `rawId` null in the pending rest of its array. */
export interface Waiting {
  id: number;
  index: number | null;
  rawId: number | null;
  held: number;
  beginAt: number;
  restarts: number;
  reason: string;
}

const WAITING = `SELECT id, array_index AS "index", raw_id AS rawId, held, begin_at AS beginAt, restarts, reason FROM task
  WHERE state = 'PENDING' AND job = ?`;

/** All tasks of a job that wait. */
export function waiting(state: PocketState, job: number): Waiting[] {
  return state.sql<Waiting>(WAITING).all(job);
}

/** Those that have parted from the rest: single jobs, tasks that were requeued, held or judged one by one. */
export function parted(state: PocketState, job: number): Waiting[] {
  return state.sql<Waiting>(`${WAITING} AND raw_id > 0 ORDER BY array_index`).all(job);
}

export function restOf(state: PocketState, job: number, limit: number): Waiting[] {
  return state.sql<Waiting>(`${WAITING} AND raw_id IS NULL ORDER BY array_index LIMIT ?`).all(job, limit);
}

export function runningCount(state: PocketState, job: number): number {
  const text = "SELECT count(*) AS n FROM task WHERE state = 'RUNNING' AND job = ?";
  return state.sql<{ n: number }>(text).get(job)?.n ?? 0;
}

export function setRestReason(state: PocketState, job: JobRow, reason: string): void {
  if (job.reason !== reason) state.sql('UPDATE job SET reason = ? WHERE id = ?').run(reason, job.id);
}

export function setReason(state: PocketState, task: Waiting, reason: string): void {
  if (task.reason !== reason) state.sql('UPDATE task SET reason = ? WHERE id = ?').run(reason, task.id);
}
