import { type Prices, priceAt } from './price.js';
import type { Amount, TaskNeed } from './task-need.js';
import type { Rung } from './trial.js';

export interface Search {
  /** Sizes of which rungs are made, ascending, finite. */
  mems: readonly number[];
  times: readonly number[];
  /** Whether the cluster can run a rung. */
  admits: (rung: Rung) => boolean;
  /** What the highest rung has to offer at least. */
  top: Rung;
  /** At most so many rungs. */
  levels: number;
  prices: Prices;
}

/**
 * The ladder of the lowest price, exactly: rungs never shrink, so the tasks that a rung ends are among those that any
 * higher one ends, and what a rung costs depends on the rung below it alone. That makes it a cheapest path, found
 * level by level. Of ladders of the same price the one with fewer rungs, then with smaller ones.
 *
 * @returns null when no rung that the cluster can run offers enough
 */
export function cheapestLadder(needs: readonly TaskNeed[], search: Search): Rung[] | null {
  const rungs = search.mems.flatMap((mem) => search.times.map((time) => ({ mem, time })));
  const allowed = rungs.map((rung) => search.admits(rung));
  const enough = needs.map((need) => firstEnough(need, search));
  const costs = rungs.map((rung, position) =>
    allowed[position] ? stepCosts(needs, enough, rung, search) : null,
  );
  let paths: (Path | null)[] = costs.map((cost, position) =>
    cost === null ? null : { price: cost.first, rung: position, below: null },
  );
  let best = cheapest(paths, rungs, search.top, null);
  for (let level = 2; level <= search.levels; level += 1) {
    const lower = paths;
    paths = costs.map((cost, position) => (cost === null ? null : extend(cost, position, lower, search)));
    best = cheapest(paths, rungs, search.top, best);
  }
  const ladder: Rung[] = [];
  for (let path = best; path !== null; path = path.below) {
    const rung = rungs[path.rung];
    if (rung !== undefined) ladder.unshift(rung);
  }
  return best === null ? null : ladder;
}

/** A ladder so far. */
interface Path {
  price: number;
  /** The highest rung, by its position. */
  rung: number;
  below: Path | null;
}

interface StepCosts {
  /** The price of a rung that every task runs at. */
  first: number;
  /** What of it falls away when the rung below is the one at this position: the tasks that end there. */
  saved: Float64Array;
}

/** Where in the table of rungs the smallest one stands that ends a task; -1 for none. */
function firstEnough({ memory, time }: TaskNeed, { mems, times }: Search): number {
  const row = smallest(memory, mems);
  const column = smallest(time, times);
  return row < mems.length && column < times.length ? row * times.length + column : -1;
}

/** Sums over tasks by the smallest rung that ends them, then over all smaller ones: a two-dimensional prefix sum. */
function stepCosts(
  needs: readonly TaskNeed[],
  enough: readonly number[],
  rung: Rung,
  { mems, times, prices }: Search,
): StepCosts {
  const width = times.length;
  const saved = new Float64Array(mems.length * width);
  let first = 0;
  for (const [position, need] of needs.entries()) {
    const price = priceAt(need, rung, prices);
    const smallestRung = enough[position] ?? -1;
    first += price;
    if (smallestRung >= 0) saved[smallestRung] = at(saved, smallestRung) + price;
  }
  for (let row = 0; row < mems.length; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const position = row * width + column;
      const left = column > 0 ? at(saved, position - 1) : 0;
      const above = row > 0 ? at(saved, position - width) : 0;
      const both = row > 0 && column > 0 ? at(saved, position - width - 1) : 0;
      saved[position] = at(saved, position) + left + above - both;
    }
  }
  return { first, saved };
}

function at(values: Float64Array, position: number): number {
  return values[position] ?? 0;
}

/** Position of the smallest size that ends the trial; of an amount that is not known, the first beyond its bound. */
function smallest({ atLeast, known }: Amount, sizes: readonly number[]): number {
  let low = 0;
  let high = sizes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const size = sizes[middle] ?? 0;
    if (known ? size >= atLeast : size > atLeast) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Puts a rung on the cheapest ladder below it. */
function extend(
  cost: StepCosts,
  position: number,
  lower: readonly (Path | null)[],
  { times }: Search,
): Path | null {
  const row = Math.floor(position / times.length);
  const column = position % times.length;
  let best: Path | null = null;
  for (let below = 0; below <= row; below += 1) {
    for (let beside = 0; beside <= column; beside += 1) {
      const path = lower[below * times.length + beside];
      if (path === null || path === undefined || path.rung === position) continue;
      const price = path.price + cost.first - at(cost.saved, path.rung);
      if (best === null || price < best.price) best = { price, rung: position, below: path };
    }
  }
  return best;
}

/** A difference that is rounding, not saving. */
const CLOSE = 1e-9;

function cheapest(
  paths: readonly (Path | null)[],
  rungs: readonly Rung[],
  top: Rung,
  before: Path | null,
): Path | null {
  let best = before;
  for (const path of paths) {
    const rung = path === null ? undefined : rungs[path.rung];
    if (path === null || rung === undefined || rung.mem < top.mem || rung.time < top.time) continue;
    if (best === null || path.price < best.price * (1 - CLOSE)) best = path;
  }
  return best;
}
