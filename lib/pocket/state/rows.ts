import type { ExitCode } from '../../slurm/exit-code.js';
import type { Ending, Submission, TaskState } from '../job.js';

/** What the tables hold, as the rest of pocket Slurm sees it, and how it is read. */

/** A submission as it is now. */
export interface JobRow {
  id: number;
  name: string;
  user: string;
  submission: Submission;
  submittedAt: number;
  partitions: readonly string[];
  comment: string;
  held: boolean;
  /** 0 or long past when there is none. */
  beginAt: number;
  /** As sbatch takes it, '' for none; what squeue shows of it, scheduler/dependencies.ts tells: dependencyText. */
  dependency: string;
  dependencyState: 'free' | 'waiting' | 'never';
  dependencySetAt: number;
  excludedNodes: string;
  /** Seconds; Infinity for none. */
  timeLimit: number;
  memoryPerNode: number | null;
  memoryPerCpu: number | null;
  throttle: number | null;
  /** Why the pending rest of its array waits. */
  reason: string;
}

/** A task: of a single job the only one, with `index` null. */
export interface TaskRow {
  id: number;
  job: number;
  index: number | null;
  /** Null while it is part of the pending rest of its array, which has the array's id. */
  rawId: number | null;
  state: TaskState;
  /** RUNNING with an ending is what squeue calls COMPLETING. */
  ending: Ending | null;
  /** Of a pending task why it waits, also in the pending rest; otherwise what scontrol shows: None, NonZeroExitCode … */
  reason: string;
  held: boolean;
  /** Not before this, after a requeue; 0 for none. */
  beginAt: number;
  restarts: number;
  /** Slurm takes a requeued task for submitted anew; null for a first run. */
  requeuedAt: number | null;
  /** Of the run that goes on or was the last; null before the first. */
  partition: string | null;
  nodes: readonly string[];
  /** Over all nodes. */
  cpus: number | null;
  /** Bytes on each node. */
  memory: number | null;
  timeLimit: number | null;
  startedAt: number | null;
  endedAt: number | null;
  /** As scontrol has it; accounting knows none of a run that was cancelled, timed out, preempted or lost its node. */
  exit: ExitCode;
  cancelledBy: number | null;
  maxRss: number | null;
}

/** A step of a run: `batch`, `0`, `1` … */
export interface StepRow {
  task: number;
  /** Of which run: TaskRow.restarts of that time. */
  restart: number;
  name: string;
  command: string;
  tasks: number;
  state: string;
  startedAt: number;
  endedAt: number | null;
  exit: ExitCode;
  maxRss: number | null;
}

/** An earlier run of a task that was requeued. */
export interface FormerRun {
  task: number;
  restart: number;
  /** REQUEUED, NODE_FAIL, PREEMPTED. */
  state: string;
  partition: string | null;
  nodes: readonly string[];
  cpus: number | null;
  requeuedAt: number | null;
  startedAt: number | null;
  endedAt: number;
  exit: ExitCode;
}

export interface RawTask {
  id: number;
  job: number;
  array_index: number | null;
  raw_id: number | null;
  state: TaskState;
  ending: Ending | null;
  reason: string;
  job_reason: string;
  held: number;
  begin_at: number;
  restarts: number;
  requeued_at: number | null;
  partition: string | null;
  nodes: string | null;
  cpus: number | null;
  memory: number | null;
  time_limit: number | null;
  started_at: number | null;
  ended_at: number | null;
  exit_code: number;
  exit_signal: number;
  cancelled_by: number | null;
  max_rss: number | null;
}

/** Without script and environment, which can be large. */
export const JOB_COLUMNS = `id, name, user, submission, submitted_at, partitions, comment, held, begin_at, dependency,
  dependency_state, dependency_set_at, excluded_nodes, time_limit, memory_per_node, memory_per_cpu, throttle, reason`;

export const TASK_COLUMNS = `task.id, task.job, array_index, raw_id, state, ending, task.reason, job.reason AS job_reason,
  task.held, task.begin_at, restarts, requeued_at, partition, nodes, cpus, memory, task.time_limit, started_at, ended_at, exit_code,
  exit_signal, cancelled_by, max_rss`;

export interface RawJob {
  id: number;
  name: string;
  user: string;
  submission: string;
  submitted_at: number;
  partitions: string;
  comment: string;
  held: number;
  begin_at: number;
  dependency: string;
  dependency_state: 'free' | 'waiting' | 'never';
  dependency_set_at: number;
  excluded_nodes: string;
  time_limit: number | null;
  memory_per_node: number | null;
  memory_per_cpu: number | null;
  throttle: number | null;
  reason: string;
}

export interface RawStep {
  task: number;
  restart: number;
  name: string;
  command: string;
  tasks: number;
  state: string;
  started_at: number;
  ended_at: number | null;
  exit_code: number;
  exit_signal: number;
  max_rss: number | null;
}

export interface RawFormerRun {
  task: number;
  restart: number;
  state: string;
  partition: string | null;
  nodes: string | null;
  cpus: number | null;
  requeued_at: number | null;
  started_at: number | null;
  ended_at: number;
  exit_code: number;
  exit_signal: number;
}

export function readJob(row: RawJob): JobRow {
  return {
    id: row.id,
    name: row.name,
    user: row.user,
    submission: JSON.parse(row.submission) as Submission,
    submittedAt: row.submitted_at,
    partitions: list(row.partitions),
    comment: row.comment,
    held: row.held === 1,
    beginAt: row.begin_at,
    dependency: row.dependency,
    dependencyState: row.dependency_state,
    dependencySetAt: row.dependency_set_at,
    excludedNodes: row.excluded_nodes,
    timeLimit: row.time_limit ?? Number.POSITIVE_INFINITY,
    memoryPerNode: row.memory_per_node,
    memoryPerCpu: row.memory_per_cpu,
    throttle: row.throttle,
    reason: row.reason,
  };
}

export function readTask(row: RawTask): TaskRow {
  return {
    id: row.id,
    job: row.job,
    index: row.array_index,
    rawId: row.raw_id,
    state: row.state,
    ending: row.ending,
    reason: row.state === 'PENDING' && row.raw_id === null ? row.job_reason : row.reason,
    held: row.held === 1,
    beginAt: row.begin_at,
    restarts: row.restarts,
    requeuedAt: row.requeued_at,
    partition: row.partition,
    nodes: list(row.nodes),
    cpus: row.cpus,
    memory: row.memory,
    timeLimit: row.time_limit,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    exit: { code: row.exit_code, signal: row.exit_signal },
    cancelledBy: row.cancelled_by,
    maxRss: row.max_rss,
  };
}

export function list(text: string | null): string[] {
  return text === null || text === '' ? [] : text.split(',');
}
