/**
 * Characters and milliseconds of the array cover, one JSON line for each set:
 * `node dist/tests/bench/array-cover.bench.js`. Every set is compressed five times; the first run (cold code)
 * and the median are printed.
 */
import { compress } from '../../lib/slurm/array-cover.js';
import { splitToLength } from '../../lib/slurm/array-split.js';

const below = (end: number, keep: (index: number) => boolean) =>
  Array.from({ length: end }, (_, index) => index).filter(keep);

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const million = 1_000_000;
const next = random(1);

const SETS: Record<string, () => number[]> = {
  'i<5000: i%10>=5, i%100!=9': () => below(5000, (i) => i % 10 >= 5 && i % 100 !== 9),
  'i<10500: i%10>=5, i%17!=0': () => below(10_500, (i) => i % 10 >= 5 && i % 17 !== 0),
  'i<10000: floor(i/37)%3=1': () => below(10_000, (i) => Math.floor(i / 37) % 3 === 1),
  'random half of 10000': () => below(10_000, () => next() < 0.5),
  'random half of 20000': () => below(20_000, () => next() < 0.5),
  '10000 random of 11000': () => below(11_000, () => next() < 10 / 11),
  '10000 random below 100000': () => Array.from({ length: 10_000 }, () => Math.floor(next() * 100_000)),
  '10000 random below 4000000': () => Array.from({ length: 10_000 }, () => Math.floor(next() * 4 * million)),
  '0-999999': () => below(million, () => true),
  'odd i<2000000': () => below(2 * million, (i) => i % 2 === 1),
  'i<2000000: i%10>=5, i%100!=9': () => below(2 * million, (i) => i % 10 >= 5 && i % 100 !== 9),
  'i<2000000: i%10>=5, i%17!=0': () => below(2 * million, (i) => i % 10 >= 5 && i % 17 !== 0),
  'random half of 2000000': () => below(2 * million, () => next() < 0.5),
  'random quarter of 4000000': () => below(4 * million, () => next() < 0.25),
  '1000000 without a random 1 %': () => below(million, () => next() < 0.99),
  '1000000 without a random 0.1 %': () => below(million, () => next() < 0.999),
};

function timed<T>(work: () => T): { result: T; ms: number } {
  const start = performance.now();
  const result = work();
  return { result, ms: Math.round(performance.now() - start) };
}

for (const [name, make] of Object.entries(SETS)) {
  const indices = make();
  const runs = Array.from({ length: 5 }, () => timed(() => compress(indices)));
  const times = runs.map((run) => run.ms);
  const [firstMs] = times;
  const medianMs = times.toSorted((a, b) => a - b)[2];
  const characters = runs[0]?.result.length;
  console.log(JSON.stringify({ name, indices: indices.length, characters, firstMs, medianMs }));
}

const half = below(10_000, () => next() < 0.5);
const { result, ms } = timed(() => splitToLength(half, 4096));
console.log(
  JSON.stringify({ name: 'split of a random half', indices: half.length, pieces: result.length, ms }),
);
