import { inReach, type Rungs, rungsOf } from './axes.js';
import type { Checkpoint, Round, RoundResult } from './checkpoint.js';
import { indices } from './index-set.js';
import type { LiveRound } from './live-round.js';
import { addCounts, noTasks, type TaskCounts } from './task-counts.js';

/** The tasks that have ever been at a level: all counts but `tasks` add up to `tasks`. */
export interface LevelStatus extends TaskCounts {
  level: number;
  /** Its place on each axis; null on a ladder of joint levels. */
  rungs: Rungs | null;
  partition: string | null;
  /** Bytes; 0 for all of a node. */
  mem: number | null;
  /** Seconds. */
  time: number | 'UNLIMITED' | null;
  tasks: number;
  /** Gone on to the next level. */
  escalated: number;
}

/** Every level that the chain may use, also those that no task has reached; of axes, where there are many, only reached ones. */
export function levelRows(checkpoint: Checkpoint, live: LiveRound | null): LevelStatus[] {
  const { levels, axes } = checkpoint.ladder;
  const rows = levels.map(({ partition, mem, time }, level) => ({
    level,
    rungs: axes === null ? null : rungsOf(axes, level),
    partition,
    mem,
    time: time === Number.POSITIVE_INFINITY ? ('UNLIMITED' as const) : time,
    tasks: 0,
    ...noTasks(),
    escalated: 0,
  }));
  checkpoint.rounds.forEach((round, position) => {
    for (const job of round.jobs) rowOf(rows, job.level).tasks += job.count;
    if (round.result === null) addOpenRound(rows, round, live);
    else addResult(rows, round, round.result, checkpoint.rounds[position + 1]);
  });
  return rows.filter(
    ({ level, tasks }) => tasks > 0 || (axes === null && inReach(axes, checkpoint.request, level)),
  );
}

function rowOf(rows: readonly LevelStatus[], level: number): LevelStatus {
  const row = rows[level];
  if (row === undefined) throw new Error(`the ladder has no level ${level}`);
  return row;
}

function addOpenRound(rows: readonly LevelStatus[], round: Round, live: LiveRound | null): void {
  if (live === null) {
    const place = round.phase === 'running' ? 'unknown' : 'pending';
    for (const job of round.jobs) rowOf(rows, job.level)[place] += job.count;
    return;
  }
  for (const [level, counts] of live.levels) addCounts(rowOf(rows, level), counts);
}

/** Tasks that are retried at the same level are one task there, not two. */
function addResult(
  rows: readonly LevelStatus[],
  round: Round,
  { buckets }: RoundResult,
  next: Round | undefined,
): void {
  const level = levelLookup(round);
  for (const bucket of ['completed', 'failed', 'unknown'] as const) {
    for (const index of indices(buckets[bucket])) rowOf(rows, level(index))[bucket] += 1;
  }
  const nextLevel = next === undefined ? null : levelLookup(next);
  for (const index of indices(buckets.retrying)) {
    const row = rowOf(rows, level(index));
    if (nextLevel === null) row.retrying += 1;
    else if (nextLevel(index) === row.level) row.tasks -= 1;
    else row.escalated += 1;
  }
}

/** The level at which a round runs an index. */
function levelLookup({ number, jobs }: Round): (index: number) => number {
  const only = new Set(jobs.map((job) => job.level)).size === 1 ? jobs[0]?.level : undefined;
  if (only !== undefined) return () => only;
  const levels = new Map<number, number>();
  for (const job of jobs) for (const index of indices(job.indices)) levels.set(index, job.level);
  return (index) => {
    const level = levels.get(index);
    if (level === undefined) throw new Error(`index ${index} is not in round ${number}`);
    return level;
  };
}

export function sumCounts(levels: readonly LevelStatus[]): TaskCounts {
  const sum = noTasks();
  for (const level of levels) addCounts(sum, level);
  return sum;
}
