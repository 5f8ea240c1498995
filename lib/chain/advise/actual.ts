import type { Attempt, AttemptEnd } from './attempt.js';
import { addCost, type Cost, noRun } from './simulate.js';

/** What really happened. */
export interface ActualRun extends Cost {
  completed: number;
  outOfMemory: number;
  timeout: number;
  failed: number;
  /** Attempts that ended for reasons beside the task: a node, a person. */
  other: number;
  /** Attempts of which the memory that they had is not known; `gbHours` leaves them out. */
  withoutMemory: number;
}

const COUNTED = {
  completed: 'completed',
  out_of_memory: 'outOfMemory',
  timeout: 'timeout',
  failed: 'failed',
  other: 'other',
} as const satisfies Record<AttemptEnd, keyof ActualRun>;

export function actualRun(attempts: Iterable<Attempt>): ActualRun {
  const { undetermined: _, ...none } = noRun();
  const run: ActualRun = { ...none, other: 0, withoutMemory: 0 };
  for (const { end, elapsed, cpus, mem } of attempts) {
    run[COUNTED[end]] += 1;
    addCost(run, elapsed, cpus, mem);
    if (mem === null || !Number.isFinite(mem)) run.withoutMemory += 1;
  }
  return run;
}
