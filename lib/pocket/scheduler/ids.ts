import type { PocketState } from '../state/state.js';

/**
 * The first of `count` job ids in a row that nobody bears who waits or runs; jobs that have ended under one of them,
 * before the ids began anew, are forgotten for good. Within a transaction.
 */
export function takeIds(state: PocketState, count = 1): number {
  let first = Number(beginAnew(state) ?? state.setting('next_job_id'));
  for (
    let taken = liveIdWithin(state, first, count);
    taken !== null;
    taken = liveIdWithin(state, first, count)
  ) {
    first = taken + 1;
  }
  const last = first + count - 1;
  state
    .sql(
      `DELETE FROM job WHERE id BETWEEN ? AND ?
         OR id IN (SELECT job FROM task WHERE raw_id BETWEEN ? AND ?)`,
    )
    .run(first, last, first, last);
  state.setSetting('next_job_id', String(last + 1));
  return first;
}

/** The fault switch `next_job_id` holds once. */
function beginAnew(state: PocketState): string | null {
  const value = state.setting('fault.next_job_id');
  if (value === null || Number(value) <= 0) return null;
  state.setSetting('fault.next_job_id', '0');
  return value;
}

/** The highest id in the row that a job bears which has not ended, or null. */
function liveIdWithin(state: PocketState, first: number, count: number): number | null {
  const row = state
    .sql<{ taken: number | null }>(
      `SELECT max(id) AS taken FROM (
         SELECT job AS id FROM task WHERE job BETWEEN @first AND @last AND ended_at IS NULL
         UNION ALL SELECT raw_id FROM task WHERE raw_id BETWEEN @first AND @last
           AND EXISTS (SELECT 1 FROM task AS mate WHERE mate.job = task.job AND mate.ended_at IS NULL))`,
    )
    .get({ first, last: first + count - 1 });
  return row?.taken ?? null;
}

/** Gives a task of a pending rest an id of its own: from here on it stands alone. Of the last one it is the array's. */
export function part(state: PocketState, task: { id: number; job: number; rawId: number | null }): void {
  if (task.rawId !== null) return;
  const others = state.sql(
    "SELECT 1 FROM task WHERE job = ? AND state = 'PENDING' AND raw_id IS NULL AND id <> ?",
  );
  const isLast = others.get(task.job, task.id) === undefined && isFree(state, task.job);
  state
    .sql(
      `UPDATE task SET raw_id = ?, reason = (SELECT reason FROM job WHERE job.id = task.job) WHERE id = ? AND raw_id IS NULL`,
    )
    .run(isLast ? task.job : takeIds(state), task.id);
}

/** Whether no task runs, or ran, under this id. */
export function isFree(state: PocketState, rawId: number): boolean {
  return state.sql('SELECT 1 FROM task WHERE raw_id = ?').get(rawId) === undefined;
}
