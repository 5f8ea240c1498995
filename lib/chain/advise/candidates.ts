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
 * Observed needs with headroom, rounded up to sensible sizes, and the sizes of the present ladder, which have proved
 * themselves as they are.
 *
 * @param headroom share that is added to what was observed, 0.1 for a tenth
 * @returns null when no task was seen to end
 */
export function candidates(
  needs: readonly TaskNeed[],
  present: readonly Rung[],
  headroom: number,
): Candidates | null {
  const ended = needs.filter((need) => need.succeeds && need.memory.known && need.time.known);
  if (ended.length === 0) return null;
  const memory = sizes(
    ended.map((need) => ({ amount: need.memory.atLeast, grows: need.measured })),
    present.map((rung) => rung.mem),
    (bytes) => sensibleMemory(bytes),
    headroom,
  );
  const time = sizes(
    ended.map((need) => ({ amount: need.time.atLeast, grows: true })),
    present.map((rung) => rung.time),
    (seconds) => sensibleTime(seconds),
    headroom,
  );
  return { mems: memory.sizes, times: time.sizes, top: { mem: memory.top, time: time.top } };
}

/** @param observed a rung that stands for a measurement needs no headroom: it has sufficed as it is */
function sizes(
  observed: readonly { amount: number; grows: boolean }[],
  present: readonly number[],
  round: (value: number) => number,
  headroom: number,
): { top: number; sizes: number[] } {
  const wished = observed.map(({ amount, grows }) => round(grows ? amount * (1 + headroom) : amount));
  const grown = [...new Set(wished)].sort((a, b) => a - b);
  const largest = observed.reduce((most, { amount }) => Math.max(most, amount), 0);
  const highest = grown.at(-1) ?? 0;
  const proved = present.at(-1) ?? 0;
  const top = proved >= largest ? Math.min(highest, proved) : highest;
  const all = new Set([...spaced(grown), ...present.filter(Number.isFinite), top]);
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
