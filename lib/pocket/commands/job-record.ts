import type { ExitCode } from '../../slurm/exit-code.js';
import { JOB_STATES, type JobState } from '../../slurm/job-state.js';
import type { Submission } from '../job.js';
import { indexList } from './index-list.js';

/**
 * What the controller shows of a single job, of an array task, or of the tasks of an array that have not begun and
 * that nobody has touched one by one: the pending rest, one record for all of them.
 */
export interface JobRecord {
  /** Of an array the id of the whole. */
  job: number;
  part: { kind: 'single' } | { kind: 'task'; index: number } | { kind: 'rest'; indices: readonly number[] };
  /** The id under which the controller runs it; of the rest the array's. */
  rawId: number;
  name: string;
  user: string;
  submission: Submission;
  comment: string;
  /** Those it may run in; once it has started the one it is in. */
  partitions: readonly string[];
  state: JobState;
  reason: string;
  held: boolean;
  /** As squeue's `%E` has it; '' for none. */
  dependency: string;
  excludedNodes: string;
  throttle: number | null;
  /** Seconds; Infinity for none. */
  timeLimit: number;
  memoryPerNode: number | null;
  memoryPerCpu: number;
  restarts: number;
  nodes: readonly string[];
  cpus: number;
  exit: ExitCode;
  submittedAt: number;
  eligibleAt: number | null;
  startedAt: number | null;
  endedAt: number | null;
  /** `--begin`, while it has not come. */
  beginAt: number | null;
}

/** `806`, `806_3` or `806_[5-10%2]`. */
export function recordId(record: JobRecord, env: NodeJS.ProcessEnv): string {
  const { part, job } = record;
  switch (part.kind) {
    case 'single':
      return String(job);
    case 'task':
      return `${job}_${part.index}`;
    case 'rest':
      return `${job}_[${cutList(restSpec(record), env)}]`;
    default:
      return part satisfies never;
  }
}

/** The indices of a record that is part of an array, with its throttle where Slurm shows it. */
export function arrayIndices(record: JobRecord): string | null {
  const { part } = record;
  if (part.kind === 'single') return null;
  return part.kind === 'task' ? String(part.index) : restSpec(record);
}

/** Lists of indices are cut at 64 characters, or where SLURM_BITSTR_LEN says; 0 for never (squeue(1), sacct(1)). */
export function cutList(spec: string, { SLURM_BITSTR_LEN: setting }: NodeJS.ProcessEnv): string {
  const length = /^\d+$/.test(setting ?? '') ? Number(setting) : 64;
  return length === 0 || spec.length < length ? spec : `${spec.slice(0, Math.max(0, length - 4))}...`;
}

function restSpec({ part, throttle }: JobRecord): string {
  const indices = part.kind === 'rest' ? indexList(part.indices) : '';
  return throttle === null ? indices : `${indices}%${throttle}`;
}

export function stateCode(state: JobState): string {
  return JOB_STATES[state].code ?? state;
}

/** The script and its arguments; `(null)` for --wrap and standard input. */
export function commandText({ submission }: JobRecord): string {
  return [submission.command ?? '(null)', ...submission.args].join(' ');
}

/** Seconds that it has been running, or ran. */
export function timeUsed(record: JobRecord, now: number): number {
  if (record.startedAt === null) return 0;
  return Math.max(0, Math.floor(record.endedAt ?? now) - Math.floor(record.startedAt));
}

/** Until a limit or an end: when it ends at the latest. */
export function endTime(record: JobRecord): number | null {
  if (record.endedAt !== null) return record.endedAt;
  const start = record.startedAt ?? record.beginAt;
  return start === null || record.timeLimit === Number.POSITIVE_INFINITY ? null : start + record.timeLimit;
}

/** `(Reason)` of a job that waits, the nodes of one that runs or ran: squeue's last column. */
export function nodesOrReason(record: JobRecord, nodeList: string): string {
  if (record.state === 'PENDING') return `(${record.reason})`;
  return nodeList === '' ? `(${record.reason})` : nodeList;
}

/** Requested memory as squeue and scontrol print it: whole megabytes or gigabytes; `0` is all of a node. */
export function memoryText({ memoryPerNode, memoryPerCpu }: JobRecord): string {
  return megabytes(memoryPerNode ?? memoryPerCpu);
}

export function megabytes(bytes: number): string {
  const whole = Math.ceil(bytes / 2 ** 20);
  if (whole === 0) return '0';
  return whole % 1024 === 0 ? `${whole / 1024}G` : `${whole}M`;
}

/** Where Slurm says that a pattern leads, for the record as a whole: `slurm-45_4294967294.out` of a pending rest. */
export function outputFile(record: JobRecord, pattern: string | null): string {
  const { part, job, rawId, submission, name, user } = record;
  const fallback = part.kind === 'single' ? 'slurm-%j.out' : 'slurm-%A_%a.out';
  const index = part.kind === 'task' ? part.index : 4_294_967_294;
  const values: Readonly<Record<string, string>> = {
    A: String(job),
    a: String(index),
    j: String(rawId),
    J: String(rawId),
    x: name,
    u: user,
    N: record.nodes[0] ?? '',
    '%': '%',
  };
  const text = (pattern ?? fallback).replace(/%(\d*)([a-zA-Z%])/g, (all, width: string, letter: string) => {
    const value = values[letter];
    return value === undefined ? all : value.padStart(Number(width || 0), '0');
  });
  return text.startsWith('/') ? text : `${submission.workingFolder}/${text}`;
}
