import type { JobState } from '../../slurm/job-state.js';
import { dependencyText } from '../scheduler/dependencies.js';
import { type JobRow, jobs, type TaskFilter, type TaskRow, tasks } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import type { JobRecord } from './job-record.js';

/** What of the controller's records is asked for. */
export interface RecordWish extends TaskFilter {
  /** The jobs of which every task of a pending rest is shown by itself (squeue --array). */
  split: 'all' | 'none' | ReadonlySet<number>;
}

/** The jobs and tasks that the controller knows, by id and index; the pending rest of an array is one. */
export function controllerRecords(
  state: PocketState,
  now: number,
  { split, ...filter }: RecordWish,
): JobRecord[] {
  return state.read(() => {
    const rows = groupByJob(tasks(state, 'controller', filter, now));
    return jobs(state, 'controller', filter, now).flatMap((job) =>
      recordsOf(job, rows.get(job.id) ?? [], isSplit(split, job.id), state, now),
    );
  });
}

function isSplit(split: RecordWish['split'], job: number): boolean {
  return typeof split === 'string' ? split === 'all' : split.has(job);
}

function groupByJob(rows: readonly TaskRow[]): Map<number, TaskRow[]> {
  const groups = new Map<number, TaskRow[]>();
  for (const row of rows) {
    const group = groups.get(row.job);
    if (group === undefined) groups.set(row.job, [row]);
    else group.push(row);
  }
  return groups;
}

function recordsOf(
  job: JobRow,
  rows: readonly TaskRow[],
  split: boolean,
  state: PocketState,
  now: number,
): JobRecord[] {
  const isRest = ({ rawId, index }: TaskRow) => rawId === null && index !== null;
  const rest = rows.filter(isRest);
  const own = (split ? rows : rows.filter((row) => !isRest(row))).map((row) =>
    recordOf(job, row, partOf(row), state, now),
  );
  const [first] = rest;
  if (split || first === undefined) return own;
  const indices = rest.flatMap(({ index }) => index ?? []);
  return [recordOf(job, first, { kind: 'rest', indices }, state, now), ...own];
}

function partOf({ index }: TaskRow): JobRecord['part'] {
  return index === null ? { kind: 'single' } : { kind: 'task', index };
}

function recordOf(
  job: JobRow,
  task: TaskRow,
  part: JobRecord['part'],
  state: PocketState,
  now: number,
): JobRecord {
  const { submission } = job;
  const { cluster } = state;
  const submittedAt = task.requeuedAt ?? job.submittedAt;
  const begin = Math.max(job.beginAt, task.beginAt);
  const waits = task.state === 'PENDING';
  const free = waits && job.reason !== 'Dependency' && task.reason !== 'Dependency';
  return {
    job: job.id,
    part,
    rawId: task.rawId ?? job.id,
    name: job.name,
    user: job.user,
    submission,
    comment: job.comment,
    partitions: waits || task.partition === null ? job.partitions : [task.partition],
    state: shownState(task),
    reason: task.reason,
    held: job.held || task.held,
    dependency: dependencyText(state, job, part.kind === 'task' ? part.index : null, now),
    excludedNodes: job.excludedNodes,
    throttle: job.throttle,
    timeLimit: task.timeLimit ?? job.timeLimit,
    memoryPerNode: job.memoryPerNode,
    memoryPerCpu: job.memoryPerCpu ?? cluster.settings.defMemPerCpu,
    restarts: task.restarts,
    nodes: waits ? [] : task.nodes,
    cpus: task.cpus ?? submission.tasks * submission.cpusPerTask,
    exit: task.exit,
    submittedAt,
    eligibleAt: free && !job.held && !task.held ? Math.max(submittedAt, begin) : task.startedAt,
    startedAt: waits ? null : task.startedAt,
    endedAt: task.endedAt,
    beginAt: waits && begin > submittedAt ? begin : null,
  };
}

function shownState({ state, ending }: TaskRow): JobState {
  return state === 'RUNNING' && ending !== null ? 'COMPLETING' : state;
}
