import { sensibleMemory, sensibleTime } from './sizes.js';
import type { TaskNeed } from './task-need.js';
import type { Rung } from './trial.js';

/** The sizes that rungs of a proposal are made of, ascending. */
export interface Candidates {
  mems: number[];
  times: number[];
  /** The highest rung has to offer at least this, so that every task that was seen to end ends again. */
  top: Rung;
}

/** Sizes a dimension: beyond, quantiles of them. The search looks at every pair of pairs. */
const MOST_SIZES = 24;

/**
 * Needs rounded up to sensible sizes, and the sizes of the present ladder, which have proved themselves as they are.
 *
 * @param needs with headroom
 * @returns null when no task was seen to end
 */
export function candidates(needs: readonly TaskNeed[], present: readonly Rung[]): Candidates | null {
  const ended = needs.filter((need) => need.succeeds && need.memory.known && need.time.known);
  if (ended.length === 0) return null;
  const memory = sizes(
    ended.map((need) => need.memory.atLeast),
    present.map((rung) => rung.mem),
    sensibleMemory,
  );
  const time = sizes(
    ended.map((need) => need.time.atLeast),
    present.map((rung) => rung.time),
    sensibleTime,
  );
  return { mems: memory.sizes, times: time.sizes, top: { mem: memory.top, time: time.top } };
}

function sizes(
  needed: readonly number[],
  present: readonly number[],
  round: (value: number) => number,
): { top: number; sizes: number[] } {
  const rounded = [...new Set(needed.map(round))].sort((a, b) => a - b);
  const largest = needed.reduce((most, amount) => Math.max(most, amount), 0);
  const highest = rounded.at(-1) ?? 0;
  const proved = present.at(-1) ?? 0;
  const top = proved >= largest ? Math.min(highest, proved) : highest;
  const all = new Set([...spaced(rounded), ...present.filter(Number.isFinite), top]);
  return { top, sizes: [...all].sort((a, b) => a - b) };
}

/** Evenly spaced ones of too many, the last among them. */
function spaced(sizes: readonly number[]): number[] {
  if (sizes.length <= MOST_SIZES) return [...sizes];
  const every = sizes.length / MOST_SIZES;
  return Array.from({ length: MOST_SIZES }, (_, position) => {
    return sizes[Math.ceil((position + 1) * every) - 1] ?? 0;
  });
}
