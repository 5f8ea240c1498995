import type { Run } from './array-spec.js';
import { andShifted, type BitSet, shiftedWord } from './bit-set.js';
import { digits } from './run-text.js';

/** Maximal progressions, as offsets from the base of the set. */
export interface Candidates {
  first: number[];
  last: number[];
  step: number[];
}

/** Words read and members walked while searching: some 0.1 s, enough for every step up to a span of 17,000. */
const SEARCH_WORK = 2e7;
const MAX_CANDIDATES = 150_000;
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

/** @param most about how many are looked for at the most: fewer are found and weighed sooner, and cover less well */
export function findCandidates(set: BitSet, ranges: readonly Run[], most = MAX_CANDIDATES): Candidates {
  const found: Candidates = { first: [], last: [], step: [] };
  const perStep = set.words.length * 4;
  const everyStep = Math.floor(Math.min((set.span - 1) / 2, SEARCH_WORK / perStep));
  const length = usefulLength(set, everyStep, most);
  const scratch = new Int32Array(set.words.length);
  let work = 0;
  for (const step of stepsToTry(set, ranges, everyStep)) {
    if (work > SEARCH_WORK || found.first.length > most) break;
    const enough = step === 1 ? 3 : Math.max(3, length - 3 + digits(step));
    work += perStep + collect(set, step, enough, scratch, found);
  }
  return found;
}

/**
 * The least members that a run with a step of three digits must have to be kept. Chance alone makes about
 * `steps * span / 2 * density ** length` runs: in a random set short ones are countless and lose against
 * longer ones, in a sparse set they are all there is.
 */
function usefulLength({ span, indices }: BitSet, everyStep: number, most: number): number {
  const density = indices.length / span;
  let length = 3;
  const expected = () => Math.min(everyStep, span / length) * (span / 2) * density ** length * (1 - density);
  while (length < 32 && expected() > most) length += 1;
  return length;
}

/** Periods of the set and their parts first: in a large set the work may not suffice for more. */
function stepsToTry(set: BitSet, ranges: readonly Run[], everyStep: number): Set<number> {
  const steps = new Set<number>();
  for (const period of periods(set, ranges)) {
    for (let parts = 1; parts <= 64; parts += 1) if (period % parts === 0) steps.add(period / parts);
  }
  for (let step = 1; step <= everyStep; step += 1) steps.add(step);
  return steps;
}

/** Ends of ranges at which a step is tried, and at how many of these first: most steps fail there. */
const SAMPLE = 256;
const FIRST_LOOK = 32;

/**
 * The least steps by which the whole set repeats itself, however long: nearly every sampled end of a range
 * is followed, one step on, by the end of a range.
 */
function periods(set: BitSet, ranges: readonly Run[]): number[] {
  const isEnd = (bit: number) => set.has(bit) && !set.has(bit + 1);
  const half = set.span >>> 1;
  const early = ranges.findLastIndex((run) => run.last - set.base < half) + 1;
  // Multiples of the golden ratio lie evenly and keep no step with a period of the set, as every 32nd part might.
  const sample = Array.from({ length: SAMPLE }, (_, k) => {
    const place = Math.floor(((k * GOLDEN_RATIO) % 1) * early);
    return (ranges[place]?.last ?? 0) - set.base;
  });
  const holds = (step: number, looks: number) => {
    let misses = 0;
    for (let k = 0; k < looks && misses <= looks / 10; k += 1) {
      if (!isEnd((sample[k] ?? half) + step)) misses += 1;
    }
    return misses <= looks / 10;
  };
  const found: number[] = [];
  for (let step = 1; step <= half && found.length < 8; step += 1) {
    if (!holds(step, FIRST_LOOK) || found.some((shorter) => step % shorter === 0)) continue;
    if (holds(step, SAMPLE)) found.push(step);
  }
  return found;
}

/** Adds the maximal runs of at least `length` members; returns how many members were walked. */
function collect(set: BitSet, step: number, length: number, scratch: Int32Array, found: Candidates): number {
  let work = 0;
  andShifted(set.words, step, scratch);
  for (let reach = 2; reach < length; ) {
    const more = Math.min(reach, length - reach);
    andShifted(scratch, more * step, scratch);
    reach += more;
  }
  // A set bit now has `length - 1` successors in the set; those with a predecessor are inside a run.
  for (let place = 0; place < scratch.length; place += 1) {
    let word = scratch[place] ?? 0;
    if (word !== 0) word &= ~shiftedWord(set.words, place, -step);
    for (; word !== 0; word &= word - 1) {
      const first = place * 32 + 31 - Math.clz32(word & -word);
      let last = first + (length - 1) * step;
      while (set.has(last + step)) last += step;
      found.first.push(first);
      found.last.push(last);
      found.step.push(step);
      work += (last - first) / step;
    }
  }
  return work;
}
