import { parseHostList } from '../../slurm/host-list.js';
import { Refusal } from '../refusal.js';
import type { TaskTarget } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import { settleDependency } from './dependencies.js';
import { part } from './ids.js';
import { type Member, someMembers } from './targets.js';

/** What scontrol can change of a job that waits; of one that runs only its limit and its comment matter. */
export interface JobChanges {
  name?: string;
  comment?: string;
  partitions?: readonly string[];
  /** '' for none. */
  dependency?: string;
  excludedNodes?: readonly string[];
  /** Seconds; Infinity for none. */
  timeLimit?: number;
  memoryPerNode?: number | null;
  memoryPerCpu?: number | null;
  throttle?: number | null;
  requeue?: boolean;
  /** StartTime: not before this; also ends the wait after a requeue. */
  beginAt?: number;
  /** EndTime of what runs. */
  endAt?: number;
}

/** Settings that one task of an array can have for itself; Slurm gives it all of them, the limit before it runs too. */
const OF_ONE_TASK: ReadonlySet<string> = new Set(['timeLimit', 'beginAt', 'endAt']);

/**
 * `scontrol update JobId=`.
 *
 * @throws Refusal for a job that is unknown or has ended, an unknown partition or node, a bad dependency, and what one task cannot have for itself
 */
export function updateJob(state: PocketState, target: TaskTarget, changes: JobChanges, now: number): void {
  state.write(() => {
    const tasks = someMembers(state, target, now);
    const [first] = tasks;
    const whole =
      first?.index === null || (target.index === null && tasks.every(({ job }) => job === target.job));
    checkNames(state, changes);
    if (
      tasks.every(({ state: word }) => word !== 'PENDING' && word !== 'RUNNING') &&
      changes.comment === undefined
    ) {
      throw new Refusal('Job has already finished');
    }
    if (!whole && Object.keys(changes).some((name) => !OF_ONE_TASK.has(name))) {
      throw new Refusal('Requested operation not supported on this system');
    }
    if (whole && first !== undefined) changeJob(state, first.job, changes, now);
    for (const task of tasks) {
      if (!whole && task.state === 'PENDING' && changes.timeLimit !== undefined) {
        throw new Refusal('Requested operation not supported on this system');
      }
      changeTask(state, task, changes, whole);
    }
  });
}

function checkNames({ cluster }: PocketState, { partitions = [], excludedNodes = [] }: JobChanges): void {
  if (partitions.some((name) => !cluster.partitions.some((known) => known.name === name))) {
    throw new Refusal('Invalid partition name specified');
  }
  if (
    excludedNodes.flatMap(parseHostList).some((name) => !cluster.nodes.some((known) => known.name === name))
  ) {
    throw new Refusal('Invalid node name specified');
  }
}

function changeJob(state: PocketState, job: number, changes: JobChanges, now: number): void {
  const set = (column: string, value: unknown) =>
    state.sql(`UPDATE job SET ${column} = ? WHERE id = ?`).run(value, job);
  const { name, comment, partitions, excludedNodes, timeLimit, throttle, memoryPerNode, memoryPerCpu } =
    changes;
  if (name !== undefined) set('name', name);
  if (comment !== undefined) set('comment', comment);
  if (partitions !== undefined) set('partitions', partitions.join(','));
  if (excludedNodes !== undefined) set('excluded_nodes', excludedNodes.join(','));
  if (timeLimit !== undefined) set('time_limit', timeLimit === Number.POSITIVE_INFINITY ? null : timeLimit);
  if (throttle !== undefined) set('throttle', throttle);
  if (memoryPerNode !== undefined) set('memory_per_node', memoryPerNode);
  if (memoryPerCpu !== undefined) set('memory_per_cpu', memoryPerCpu);
  if (changes.beginAt !== undefined) set('begin_at', changes.beginAt);
  if (changes.dependency !== undefined) changeDependency(state, job, changes.dependency, now);
  if (changes.requeue !== undefined) {
    state
      .sql("UPDATE job SET submission = json_set(submission, '$.requeue', json(?)) WHERE id = ?")
      .run(String(changes.requeue), job);
  }
}

function changeDependency(state: PocketState, job: number, text: string, now: number): void {
  const dependency = settleDependency(state, text, now);
  state
    .sql('UPDATE job SET dependency = ?, dependency_state = ?, dependency_set_at = ? WHERE id = ?')
    .run(dependency, dependency === '' ? 'free' : 'waiting', now, job);
}

function changeTask(
  state: PocketState,
  task: Member,
  { beginAt, endAt, timeLimit }: JobChanges,
  whole: boolean,
): void {
  const set = (column: string, value: unknown) =>
    state.sql(`UPDATE task SET ${column} = ? WHERE id = ?`).run(value, task.id);
  if (task.state === 'PENDING' && beginAt !== undefined) {
    if (!whole) part(state, task);
    if (!whole || task.rawId !== null) set('begin_at', beginAt);
  }
  if (task.state !== 'RUNNING') return;
  if (timeLimit !== undefined) set('time_limit', timeLimit === Number.POSITIVE_INFINITY ? null : timeLimit);
  if (endAt !== undefined) {
    state.sql('UPDATE task SET time_limit = max(0, ? - started_at) WHERE id = ?').run(endAt, task.id);
  }
}
