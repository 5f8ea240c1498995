import type { TaskState } from '../job.js';
import {
  type FormerRun,
  JOB_COLUMNS,
  type JobRow,
  list,
  type RawFormerRun,
  type RawJob,
  type RawStep,
  type RawTask,
  readJob,
  readTask,
  type StepRow,
  TASK_COLUMNS,
  type TaskRow,
} from './rows.js';
import type { PocketState } from './state.js';

export type { FormerRun, JobRow, StepRow, TaskRow } from './rows.js';

/**
 * Which tasks are meant; every condition that is given must hold. Conditions on what a job is named never reach tasks
 * that the view leaves out.
 */
export interface TaskFilter {
  /** Whole jobs, by the job's id. */
  jobs?: readonly number[];
  /** Tasks by array id and index, or by the id under which the controller runs them. One of them suffices. */
  targets?: readonly TaskTarget[];
  names?: readonly string[];
  users?: readonly string[];
  states?: readonly TaskState[];
  /** Any of these among the partitions that the job may run in, or the one it runs in. */
  partitions?: readonly string[];
}

/** What a person names: `806` (a whole job, or the task that runs under this id), `806_3`. */
export interface TaskTarget {
  job: number;
  index: number | null;
}

/** The controller forgets jobs some time after their end; accounting knows all, but late. */
export type View = 'controller' | 'accounting';

/** Tasks in order of job id and index. */
export function tasks(state: PocketState, view: View, filter: TaskFilter, now: number): TaskRow[] {
  const { where, values } = conditions(state, view, filter, now);
  const text = `SELECT ${TASK_COLUMNS} FROM task JOIN job ON job.id = task.job WHERE ${where}
    ORDER BY task.job, array_index`;
  const rows = state
    .sql<RawTask>(text)
    .all(...values)
    .map(readTask);
  return view === 'accounting' ? rows.map((row) => asSeenAt(row, now - lag(state))) : rows;
}

/** Jobs that have a task which fits, in order of their ids. */
export function jobs(state: PocketState, view: View, filter: TaskFilter, now: number): JobRow[] {
  const { where, values } = conditions(state, view, filter, now);
  const text = `SELECT ${JOB_COLUMNS} FROM job WHERE id IN (SELECT task.job FROM task JOIN job ON job.id = task.job WHERE ${where})
    ORDER BY id`;
  return state
    .sql<RawJob>(text)
    .all(...values)
    .map(readJob);
}

const REMEMBERED = `task.id IN (SELECT id FROM task WHERE state = 'PENDING'
  UNION ALL SELECT id FROM task WHERE state = 'RUNNING' UNION ALL SELECT id FROM task WHERE ended_at >= ?)`;

interface Conditions {
  where: string;
  values: unknown[];
}

function conditions(state: PocketState, view: View, filter: TaskFilter, now: number): Conditions {
  const parts = ['trace = 1'];
  const values: unknown[] = [];
  const among = (text: string, list: readonly unknown[] | undefined) => {
    if (list === undefined) return;
    parts.push(text.replaceAll('(?)', '(SELECT value FROM json_each(?))'));
    for (const _ of text.matchAll(/\(\?\)/g)) values.push(JSON.stringify(list));
  };
  if (view === 'controller') {
    // Where no ids are given, one index for each of the three.
    const named = filter.jobs !== undefined || filter.targets !== undefined;
    parts.push(named ? '(ended_at IS NULL OR ended_at >= ?)' : REMEMBERED);
    values.push(now - purgeAge(state));
  } else {
    parts.push('submitted_at <= ?');
    values.push(now - lag(state));
  }
  among('task.job IN (?)', filter.jobs);
  among('name IN (?)', filter.names);
  among('user IN (?)', filter.users);
  among('state IN (?)', filter.states);
  among(
    `CASE WHEN partition IS NULL
       THEN EXISTS (SELECT 1 FROM json_each('["' || replace(partitions, ',', '","') || '"]') WHERE value IN (?))
       ELSE partition IN (?) END`,
    filter.partitions,
  );
  if (filter.targets !== undefined) {
    const targets = targetCondition(filter.targets);
    parts.push(targets.where);
    values.push(...targets.values);
  }
  return { where: parts.join(' AND '), values };
}

function targetCondition(targets: readonly TaskTarget[]): Conditions {
  const whole = JSON.stringify(targets.filter(({ index }) => index === null).map(({ job }) => job));
  const single = JSON.stringify(
    targets.filter(({ index }) => index !== null).map(({ job, index }) => [job, index]),
  );
  const where = `task.id IN (
      SELECT id FROM task WHERE job IN (SELECT value FROM json_each(?))
      UNION SELECT id FROM task WHERE raw_id IN (SELECT value FROM json_each(?))
      UNION SELECT task.id FROM json_each(?) AS target JOIN task
        ON task.job = json_extract(target.value, '$[0]') AND array_index = json_extract(target.value, '$[1]'))`;
  return { where, values: [whole, whole, single] };
}

/** States of which accounting hears before the processes are gone: with what they exited it never does. */
const WITHOUT_EXIT: ReadonlySet<TaskState> = new Set(['CANCELLED', 'TIMEOUT', 'NODE_FAIL', 'PREEMPTED']);

/** What had not happened by then is not seen. */
function asSeenAt(row: TaskRow, moment: number): TaskRow {
  const task = WITHOUT_EXIT.has(row.state) ? { ...row, exit: { code: 0, signal: 0 } } : row;
  const { startedAt, endedAt } = task;
  if (startedAt !== null && startedAt > moment) {
    return {
      ...task,
      state: 'PENDING',
      startedAt: null,
      endedAt: null,
      nodes: [],
      exit: { code: 0, signal: 0 },
    };
  }
  if (endedAt === null || endedAt <= moment) return task;
  const before = startedAt === null ? 'PENDING' : 'RUNNING';
  return { ...task, state: before, endedAt: null, exit: { code: 0, signal: 0 }, cancelledBy: null };
}

/** Steps of these tasks, in the order batch, 0, 1 …; what accounting does not see yet is left out. */
export function steps(state: PocketState, taskIds: readonly number[], now: number): StepRow[] {
  const moment = now - lag(state);
  return state
    .sql<RawStep>(
      `SELECT * FROM step WHERE task IN (SELECT value FROM json_each(?)) AND started_at <= ?
       ORDER BY task, restart, name <> 'batch', CAST(name AS INTEGER)`,
    )
    .all(JSON.stringify(taskIds), moment)
    .map((row) => {
      const seen = row.ended_at !== null && row.ended_at <= moment;
      return {
        task: row.task,
        restart: row.restart,
        name: row.name,
        command: row.command,
        tasks: row.tasks,
        state: seen ? row.state : 'RUNNING',
        startedAt: row.started_at,
        endedAt: seen ? row.ended_at : null,
        exit: seen ? { code: row.exit_code, signal: row.exit_signal } : { code: 0, signal: 0 },
        maxRss: seen ? row.max_rss : null,
      };
    });
}

/** Earlier runs of these tasks, oldest first. */
export function formerRuns(state: PocketState, taskIds: readonly number[]): FormerRun[] {
  return state
    .sql<RawFormerRun>(
      'SELECT * FROM former_run WHERE task IN (SELECT value FROM json_each(?)) ORDER BY task, restart',
    )
    .all(JSON.stringify(taskIds))
    .map((row) => ({
      task: row.task,
      restart: row.restart,
      state: row.state,
      partition: row.partition,
      nodes: list(row.nodes),
      cpus: row.cpus,
      requeuedAt: row.requeued_at,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      exit: { code: row.exit_code, signal: row.exit_signal },
    }));
}

/** @returns null for a job that there is not; also one that the controller has forgotten is found */
export function jobRow(state: PocketState, id: number): JobRow | null {
  const row = state.sql<RawJob>(`SELECT ${JOB_COLUMNS} FROM job WHERE id = ?`).get(id);
  return row === undefined ? null : readJob(row);
}

/** Script and environment (NAME=VALUE, NUL separated) of a job. */
export function jobPayload(state: PocketState, id: number): { script: Buffer; environment: Buffer } | null {
  const row = state.sql<{ script: Buffer; environment: Buffer }>(
    'SELECT script, environment FROM job WHERE id = ?',
  );
  return row.get(id) ?? null;
}

/** The task that runs, or ran last, under this id. */
export function taskOfRawId(state: PocketState, rawId: number): TaskRow | null {
  const text = `SELECT ${TASK_COLUMNS} FROM task JOIN job ON job.id = task.job WHERE raw_id = ?`;
  const row = state.sql<RawTask>(text).get(rawId);
  return row === undefined ? null : readTask(row);
}

/** For `sbatch --wait`: how many tasks have not ended, and the highest exit code of those that have. */
export function taskEnds(state: PocketState, job: number): { open: number; highestExit: number } {
  const text = `SELECT count(*) FILTER (WHERE ended_at IS NULL) AS open,
      coalesce(max(CASE
        WHEN exit_signal > 0 THEN 1
        WHEN state IN ('COMPLETED', 'FAILED') THEN exit_code
        WHEN exit_code = 0 THEN 1 ELSE exit_code END) FILTER (WHERE ended_at IS NOT NULL), 0) AS highestExit
    FROM task WHERE job = ?`;
  return state.sql<{ open: number; highestExit: number }>(text).get(job) ?? { open: 0, highestExit: 0 };
}

export interface NodeRow {
  name: string;
  state: 'UP' | 'DRAIN' | 'DOWN';
  reason: string | null;
  changedAt: number;
  /** What runs there has taken, CPUs and bytes. */
  allocatedCpus: number;
  allocatedMemory: number;
}

/** Every node, in the order of the cluster file. */
export function nodeRows(state: PocketState): NodeRow[] {
  const rows = state
    .sql<{ name: string; state: NodeRow['state']; reason: string | null; changed_at: number }>(
      'SELECT * FROM node',
    )
    .all();
  const used = new Map(state.cluster.nodes.map(({ name }) => [name, { cpus: 0, memory: 0 }]));
  const running = state.sql<{ nodes: string; cpus: number; memory: number }>(
    "SELECT nodes, cpus, memory FROM task WHERE state = 'RUNNING'",
  );
  for (const { nodes, cpus, memory } of running.all()) {
    const names = list(nodes);
    for (const name of names) {
      const use = used.get(name);
      if (use === undefined) continue;
      use.cpus += cpus / names.length;
      use.memory += memory;
    }
  }
  const byName = new Map(rows.map((row) => [row.name, row]));
  return state.cluster.nodes.flatMap(({ name }) => {
    const row = byName.get(name);
    const use = used.get(name) ?? { cpus: 0, memory: 0 };
    if (row === undefined) return [];
    return [
      {
        name,
        state: row.state,
        reason: row.reason,
        changedAt: row.changed_at,
        allocatedCpus: use.cpus,
        allocatedMemory: use.memory,
      },
    ];
  });
}

/** Jobs of which tasks wait, in order of their ids: found without a look at each task. */
export function pendingJobs(state: PocketState): JobRow[] {
  const text = `WITH RECURSIVE waiting (id) AS (
      SELECT min(job) FROM task WHERE state = 'PENDING'
      UNION ALL
      SELECT (SELECT min(job) FROM task WHERE state = 'PENDING' AND job > waiting.id) FROM waiting
      WHERE waiting.id IS NOT NULL)
    SELECT ${JOB_COLUMNS} FROM job WHERE id IN (SELECT id FROM waiting) ORDER BY id`;
  return state.sql<RawJob>(text).all().map(readJob);
}

/** Seconds after its end when the controller forgets a job. */
export function purgeAge(state: PocketState): number {
  const fault = Number(state.setting('fault.purge_after') ?? 0);
  return fault > 0 ? fault : state.cluster.settings.minJobAge;
}

/** Seconds by which accounting lags behind. */
function lag(state: PocketState): number {
  return Number(state.setting('fault.accounting_lag') ?? 0);
}
