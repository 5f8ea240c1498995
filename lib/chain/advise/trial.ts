import type { TaskNeed } from './task-need.js';

/** What an attempt is given. Infinity where nothing more could be given, or where the rung does not say. */
export interface Rung {
  mem: number;
  time: number;
}

/**
 * How an attempt of a task would end at a rung. `undetermined`: the task was never seen to end, and the rung offers more
 * than was ever tried.
 */
export type TrialEnd = 'completed' | 'out_of_memory' | 'timeout' | 'failed' | 'undetermined';

export interface Trial {
  end: TrialEnd;
  /** Seconds; of an undetermined one at least. */
  elapsed: number;
}

/** Lets a task run at a rung. Memory is asked first: a task that lacks both is out of memory. */
export function trial(need: TaskNeed, rung: Rung): Trial {
  return { end: trialEnd(need, rung), elapsed: trialSeconds(need, rung) };
}

function trialEnd(need: TaskNeed, rung: Rung): TrialEnd {
  if (lacks(need.memory, rung.mem)) return 'out_of_memory';
  if (lacks(need.time, rung.time)) return 'timeout';
  if (!suffices(need.memory, rung.mem) || !suffices(need.time, rung.time)) return 'undetermined';
  return need.succeeds ? 'completed' : 'failed';
}

/** How long a trial takes, alone: a search asks for it millions of times. */
export function trialSeconds(need: TaskNeed, rung: Rung): number {
  if (lacks(need.memory, rung.mem)) return untilOutOfMemory(need, rung);
  if (lacks(need.time, rung.time)) return rung.time;
  return Math.min(need.time.atLeast, rung.time);
}

function lacks({ atLeast, known }: TaskNeed['memory'], offered: number): boolean {
  return known ? offered < atLeast : offered <= atLeast;
}

function suffices({ atLeast, known }: TaskNeed['memory'], offered: number): boolean {
  return offered === Number.POSITIVE_INFINITY || (known && offered >= atLeast);
}

/** As long as it ran when it had as much memory or more and was out of it; otherwise the whole of its time. */
function untilOutOfMemory(need: TaskNeed, rung: Rung): number {
  const seen = need.outOfMemory.find(({ mem }) => mem >= rung.mem);
  return Math.min(seen?.after ?? need.time.atLeast, rung.time);
}
