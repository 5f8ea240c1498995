import type { ExitCode } from '../../slurm/exit-code.js';
import {
  type FormerRun,
  formerRuns,
  type JobRow,
  jobs,
  type StepRow,
  steps,
  type TaskRow,
  tasks,
} from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import { indexList } from './index-list.js';
import type { AccountingRecord } from './sacct-record.js';

export interface AccountingWish {
  /** Earlier runs of requeued tasks too. */
  duplicates: boolean;
  /** Whole jobs by their ids, for a query that names them; else everything. */
  jobs: readonly number[] | null;
  now: number;
}

/** What accounting knows, rows of steps behind those of their run, the pending rest of an array last. */
export function accountingRecords(state: PocketState, wish: AccountingWish): AccountingRecord[] {
  const { now } = wish;
  const filter = wish.jobs === null ? {} : { targets: wish.jobs.map((job) => ({ job, index: null })) };
  return state.read(() => {
    const rows = tasks(state, 'accounting', filter, now);
    const ids = rows.map(({ id }) => id);
    const stepsOf = grouped(steps(state, ids, now));
    const formerOf = wish.duplicates ? grouped(formerRuns(state, ids)) : new Map<number, FormerRun[]>();
    const known = new Map(jobs(state, 'accounting', filter, now).map((job) => [job.id, job]));
    const begun = rows.filter(({ rawId, index }) => rawId !== null || index === null);
    const runs = begun.flatMap((task) => {
      const job = known.get(task.job);
      if (job === undefined) return [];
      const about = (run: TaskRow) => runRecords(job, run, stepsOf.get(task.id) ?? [], state, now);
      return [
        ...(formerOf.get(task.id) ?? []).flatMap((former) => about(asFormer(task, former))),
        ...about(task),
      ];
    });
    return [...runs.toSorted(byRawId), ...restRecords(rows, known, state, now)];
  });
}

function grouped<Row extends { task: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) groups.set(row.task, [...(groups.get(row.task) ?? []), row]);
  return groups;
}

/** The sort is stable: what belongs to one id stays in order. */
function byRawId(a: AccountingRecord, b: AccountingRecord): number {
  return Number.parseInt(a.rawId, 10) - Number.parseInt(b.rawId, 10);
}

function asFormer(task: TaskRow, former: FormerRun): TaskRow {
  const { restart, state, partition, nodes, cpus, requeuedAt, startedAt, endedAt, exit } = former;
  return {
    ...task,
    restarts: restart,
    state: state as TaskRow['state'],
    partition,
    nodes,
    cpus,
    requeuedAt,
    startedAt,
    endedAt,
    exit,
    cancelledBy: null,
  };
}

function runRecords(
  job: JobRow,
  task: TaskRow,
  stepsOfTask: readonly StepRow[],
  state: PocketState,
  now: number,
): AccountingRecord[] {
  const id = task.index === null ? String(job.id) : `${job.id}_${task.index}`;
  const rawId = String(task.rawId ?? job.id);
  const record = taskRecord(job, task, { id, rawId }, state, now);
  const own = stepsOfTask.filter(({ restart }) => restart === task.restarts);
  return [{ ...record, derivedExit: highestExit(own) }, ...own.map((step) => stepRecord(record, step))];
}

/** As a status of wait(2) has it: the exit code counts before the signal. */
function highestExit(stepsOfRun: readonly StepRow[]): ExitCode {
  return stepsOfRun
    .filter(({ name }) => name !== 'batch')
    .map(({ exit }) => exit)
    .reduce((a, b) => ((b.code - a.code || b.signal - a.signal) > 0 ? b : a), { code: 0, signal: 0 });
}

function taskRecord(
  job: JobRow,
  task: TaskRow,
  { id, rawId }: { id: string; rawId: string },
  { cluster }: PocketState,
  now: number,
): AccountingRecord {
  const { submission } = job;
  const submittedAt = task.requeuedAt ?? job.submittedAt;
  return {
    id,
    rawId,
    step: null,
    name: job.name,
    user: job.user,
    submission,
    // It comes with the end.
    comment: task.endedAt === null ? '' : job.comment,
    partition: task.partition ?? job.partitions.join(','),
    state:
      task.state === 'CANCELLED' && task.cancelledBy !== null
        ? `CANCELLED by ${task.cancelledBy}`
        : task.state,
    reason: task.reason,
    exit: accountedExit(task),
    derivedExit: { code: 0, signal: 0 },
    cpus: task.cpus ?? submission.tasks * submission.cpusPerTask,
    nodes: task.startedAt === null ? [] : task.nodes,
    tasks: submission.tasks,
    memoryPerNode: job.memoryPerNode,
    memoryPerCpu: job.memoryPerCpu ?? cluster.settings.defMemPerCpu,
    timeLimit: job.timeLimit,
    maxRss: null,
    submittedAt,
    eligibleAt: Math.max(submittedAt, job.beginAt, task.beginAt),
    startedAt: task.startedAt,
    endedAt: task.endedAt,
    now,
  };
}

/** Of a missed deadline scontrol says 0:1, and accounting 1:0 (measured). */
function accountedExit({ state, exit }: TaskRow): ExitCode {
  return state === 'DEADLINE' ? { code: exit.signal, signal: exit.code } : exit;
}

function stepRecord(record: AccountingRecord, step: StepRow): AccountingRecord {
  return {
    ...record,
    id: `${record.id}.${step.name}`,
    rawId: `${record.rawId}.${step.name}`,
    step: step.name,
    name: step.command,
    comment: '',
    state: step.state,
    exit: step.exit,
    tasks: step.tasks,
    maxRss: step.maxRss,
    submittedAt: step.startedAt,
    startedAt: step.startedAt,
    endedAt: step.endedAt,
  };
}

function restRecords(
  rows: readonly TaskRow[],
  known: ReadonlyMap<number, JobRow>,
  state: PocketState,
  now: number,
): AccountingRecord[] {
  const rests = new Map<string, TaskRow[]>();
  for (const row of rows) {
    if (row.rawId !== null || row.index === null) continue;
    // Tasks that were cancelled before they had an id of their own are no longer part of what waits.
    const key = `${row.job} ${row.state}`;
    const group = rests.get(key);
    if (group === undefined) rests.set(key, [row]);
    else group.push(row);
  }
  return [...rests.values()].flatMap((group) => {
    const [first] = group;
    const job = known.get(first?.job ?? 0);
    if (first === undefined || job === undefined) return [];
    const indices = indexList(group.map(({ index }) => index ?? 0));
    const throttle = job.throttle === null ? '' : `%${job.throttle}`;
    return [
      taskRecord(job, first, { id: `${job.id}_[${indices}${throttle}]`, rawId: String(job.id) }, state, now),
    ];
  });
}
