import type { Checkpoint, Round, RoundResult } from '../chain/checkpoint.js';
import { resourcesName } from '../chain/level-name.js';
import { count, parseArraySpec } from '../slurm/array-spec.js';
import { type RoundStatus, roundStatus } from './round-status.js';

/** One line of the table of rounds. */
export interface RoundReport {
  /** Counted from 1. */
  round: number;
  status: RoundStatus;
  /** Ids of what has been submitted. */
  jobs: string[];
  /** Of a decided round without the one that Slurm has removed, since its dependency could not come true. */
  handlers: string[];
  levels: number[];
  /** Bytes, one for each level; 0 for all of a node, null where the script and the cluster decide. */
  memory: (number | null)[];
  /** What each level asks for, on a ladder of axes (`2G 01:00:00`); null for joint levels. */
  rungs: string[] | null;
  tasks: number;
  /** How the attempts ended; null before the round is decided. */
  attempts: AttemptCounts | null;
}

/** Each attempt is in exactly one of `completed` to `unknown`; `retrying` says how many of them were run again. */
export interface AttemptCounts {
  completed: number;
  /** Without those that count as completed since their script exited with 0. */
  outOfMemory: number;
  timeout: number;
  /** Every other way to end without success. */
  failed: number;
  /** Neither success nor failure is proved. */
  unknown: number;
  retrying: number;
}

export function roundReport(checkpoint: Checkpoint, round: Round): RoundReport {
  const levels = [...new Set(round.jobs.map((job) => job.level))];
  const tasks = round.jobs.reduce((sum, job) => sum + job.count, 0);
  return {
    round: round.number,
    status: roundStatus(checkpoint, round),
    jobs: round.jobs.flatMap((job) => job.jobId ?? []),
    handlers: firedHandlers(round).flatMap((handler) => handler.jobId ?? []),
    levels,
    memory: levels.map((level) => checkpoint.ladder.levels[level]?.mem ?? null),
    rungs: rungNames(checkpoint, levels),
    tasks,
    attempts: round.result === null ? null : attemptCounts(round.result, tasks),
  };
}

function rungNames({ ladder }: Checkpoint, levels: readonly number[]): string[] | null {
  if (ladder.axes === null) return null;
  return levels.flatMap((level) => {
    const resources = ladder.levels[level];
    return resources === undefined ? [] : resourcesName(resources);
  });
}

function firedHandlers({ handlers, result }: Round): Round['handlers'] {
  if (result === null) return handlers;
  // To Slurm: a task that ran out of memory fires afternotok, also when it counts as completed.
  const allCompleted =
    result.states.OUT_OF_MEMORY === undefined &&
    result.buckets.retrying === '' &&
    result.buckets.failed === '' &&
    result.buckets.unknown === '';
  const removed = allCompleted ? 'afternotok' : 'afterok';
  return handlers.filter(({ trigger }) => trigger !== removed);
}

/** `failed` is what remains: an exit code that climbs as OOM does is still FAILED to Slurm. */
function attemptCounts({ states, buckets }: RoundResult, tasks: number): AttemptCounts {
  const completed = sizeOf(buckets.completed);
  const accepted = states.OUT_OF_MEMORY === undefined ? 0 : completed - (states.COMPLETED ?? 0);
  const outOfMemory = (states.OUT_OF_MEMORY ?? 0) - accepted;
  const timeout = states.TIMEOUT ?? 0;
  const unknown = sizeOf(buckets.unknown);
  return {
    completed,
    outOfMemory,
    timeout,
    failed: tasks - completed - outOfMemory - timeout - unknown,
    unknown,
    retrying: sizeOf(buckets.retrying),
  };
}

function sizeOf(indices: string): number {
  return indices === '' ? 0 : count(parseArraySpec(indices));
}
