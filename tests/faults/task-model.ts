import type { SeededRandom } from './random.js';

/** What a task truly needs and does, whatever anyone asks for it. */
export interface TaskNature {
  /** Bytes. */
  memory: number;
  /** Seconds that it runs when it has what it needs. */
  seconds: number;
  /** What it does once it has what it needs: exit codes of its runs, one after the other; the last one repeats. */
  exits: readonly number[];
  /** Goes on after TERM until it is killed. */
  stubborn: boolean;
}

/** How a run ends if nothing from outside ends it. */
export interface NaturalEnd {
  /** Seconds after its start. */
  after: number;
  exit: { code: number; signal: number };
  outOfMemory: boolean;
  maxRss: number;
}

/**
 * @param run which run of the task it is that has what it needs, counted from 0
 * @param memory what it was given, in bytes; null for all that there is
 * @param broken the node ends everything at once
 */
export function naturalEnd(
  nature: TaskNature,
  run: number,
  memory: number | null,
  broken: boolean,
): NaturalEnd {
  if (broken) return { after: 0.5, exit: { code: 1, signal: 0 }, outOfMemory: false, maxRss: 2 ** 20 };
  if (memory !== null && nature.memory > memory) {
    const after = nature.seconds * 0.4;
    return { after, exit: { code: 0, signal: 9 }, outOfMemory: true, maxRss: memory };
  }
  const code = nature.exits[Math.min(run, nature.exits.length - 1)] ?? 0;
  return { after: nature.seconds, exit: { code, signal: 0 }, outOfMemory: false, maxRss: nature.memory };
}

const MEGABYTE = 2 ** 20;

/** Mostly good tasks of all sizes; some fail for good, some only at first, some with codes that policies name. */
export function randomNature(random: SeededRandom): TaskNature {
  return {
    memory: random.pick([50, 100, 200, 300, 600, 900, 1500, 3000]) * MEGABYTE,
    seconds: random.weighted([
      [4, random.between(0.2, 20)],
      [4, random.between(20, 100)],
      [2, random.between(100, 400)],
    ]),
    exits: random.weighted<readonly number[]>([
      [12, [0]],
      [1, [1]],
      [1, [7]],
      [1, [7, 0]],
      [1, [3, 3, 0]],
    ]),
    stubborn: random.chance(0.1),
  };
}
