import type { TaskState } from '../job.js';
import { Refusal } from '../refusal.js';
import { purgeAge, type TaskTarget } from '../state/queries.js';
import type { PocketState } from '../state/state.js';

/** A task, as far as those need to know who change it. */
export interface Member {
  id: number;
  job: number;
  index: number | null;
  rawId: number | null;
  state: TaskState;
  ending: string | null;
}

/**
 * The tasks that are meant: of a whole job, of the one that runs under a raw id, of an array's one index. Those that
 * the controller has forgotten are not among them.
 */
export function members(state: PocketState, { job, index }: TaskTarget, now: number): Member[] {
  const condition = index === null ? 'job = @job' : 'job = @job AND array_index = @index';
  const select = `SELECT id, job, array_index AS "index", raw_id AS rawId, state, ending FROM task`;
  const remembered = '(ended_at IS NULL OR ended_at >= @since)';
  const values = { job, since: now - purgeAge(state), ...(index === null ? {} : { index }) };
  const found = state
    .sql<Member>(`${select} WHERE ${condition} AND ${remembered} ORDER BY array_index`)
    .all(values);
  if (found.length > 0 || index !== null) return found;
  return state.sql<Member>(`${select} WHERE raw_id = @job AND ${remembered}`).all(values);
}

/** @throws Refusal when there are none */
export function someMembers(state: PocketState, target: TaskTarget, now: number): Member[] {
  const found = members(state, target, now);
  if (found.length === 0) throw new Refusal('Invalid job id specified');
  return found;
}
