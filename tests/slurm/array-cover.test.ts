import fc from 'fast-check';
import t from 'tap';
import { compress } from '../../lib/slurm/array-cover.js';
import { ArraySpecError, indexSet, parseArraySpec, toIndices } from '../../lib/slurm/array-spec.js';

const below = (end: number, keep: (index: number) => boolean) =>
  Array.from({ length: end }, (_, index) => index).filter(keep);

/** `a-b,c,...` as Slurm prints a set. */
function plainRanges(indices: Iterable<number>): string {
  const parts: [number, number][] = [];
  for (const index of indexSet(indices)) {
    const part = parts.at(-1);
    if (part && part[1] + 1 === index) part[1] = index;
    else parts.push([index, index]);
  }
  return parts.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** Compared here: tap's own comparison takes seconds for a million numbers. */
function exact(t: Pick<Tap, 'ok'>, indices: readonly number[], text: string): void {
  const wanted = indexSet(indices);
  const named = text === '' ? new Uint32Array() : toIndices(parseArraySpec(text));
  const same = named.length === wanted.length && named.every((index, place) => index === wanted[place]);
  t.ok(same, `exact cover by ${text.slice(0, 40)}`);
}
type Tap = typeof t;

/** Repeatable numbers from 0 to 1 (Numerical Recipes' 32-bit generator). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const GOLDEN: [string, number[], string][] = [
  ['nothing', [], ''],
  ['one index', [7], '7'],
  ['a range', below(10, () => true), '0-9'],
  ['odd numbers', [1, 3, 5], '1-5:2'],
  ['two neighbours', [1, 2], '1-2'],
  ['a pair', [4, 9], '4,9'],
  ['hundreds', [100, 200, 300, 400], '100-400:100'],
  ['8 mod 10', below(5000, (index) => index % 10 === 8), '8-4998:10'],
  ['5 and 6 mod 10', below(5000, (i) => i % 10 === 5 || i % 10 === 6), '5-4995:10,6-4996:10'],
  ['overlapping runs', below(9000, (i) => i % 7 === 3 || i % 11 === 5), '3-8998:7,5-8992:11'],
  ['a wide gap', [0, 5, 2_147_483_647], '0,5,2147483647'],
];

t.test('known texts', async (t) => {
  for (const [name, indices, text] of GOLDEN) t.equal(compress(indices), text, name);
});

const LIMITS: [string, number[], number][] = [
  ['upper half of tens without 9 mod 100', below(5000, (i) => i % 10 >= 5 && i % 100 !== 9), 100],
  ['upper half of tens without multiples of 17', below(10_500, (i) => i % 10 >= 5 && i % 17 !== 0), 1120],
  ['one block of 37 in three', below(10_000, (i) => Math.floor(i / 37) % 3 === 1), 470],
];

t.test('periodic sets stay within their limits', async (t) => {
  for (const [name, indices, limit] of LIMITS) {
    const text = compress(indices);
    t.ok(text.length <= limit, `${name}: ${text.length} characters`);
    exact(t, indices, text);
  }
});

t.test('a random half of 10,000 takes 10,100 characters at most', async (t) => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const next = random(seed);
    const indices = below(10_000, () => next() < 0.5);
    const text = compress(indices);
    t.ok(text.length <= 10_100, `seed ${seed}: ${text.length} characters`);
    exact(t, indices, text);
  }
});

t.test(
  'large sets: a period beyond the steps that can all be tried, sparse and nearly full ones',
  async (t) => {
    const next = random(1);
    const pattern = below(5000, () => next() < 0.01);
    const periodic = below(1_000_000, () => false).concat(
      Array.from({ length: 200 }, (_, k) => pattern.map((index) => index + k * 5000)).flat(),
    );
    t.ok(compress(periodic).length <= pattern.length * 17, 'one run for each residue');
    exact(t, periodic, compress(periodic));
    const sparse = Array.from({ length: 10_000 }, () => Math.floor(next() * 4_000_000));
    exact(t, sparse, compress(sparse));
    const holes = below(1_000_000, () => next() < 0.999);
    exact(t, holes, compress(holes));
  },
);

t.test(
  'a period is found among ranges whose number is a multiple of it, and beside one that nearly holds',
  async (t) => {
    const digit = (index: number, place: number) => Math.floor(index / 10 ** place) % 10;
    for (const [places, limit] of [
      [2, 350],
      [3, 2000],
    ] as const) {
      const indices = below(1_000_000, (index) =>
        Array.from({ length: places }, (_, place) => digit(index, place)).every((found) => found >= 5),
      );
      const text = compress(indices);
      t.ok(text.length <= limit, `${places} digits from 5 to 9: ${text.length} characters`);
      exact(t, indices, text);
    }
  },
);

/** Sets with and without structure: random ones, unions of runs, and both together. */
const scattered = fc
  .tuple(fc.integer({ min: 1, max: 2000 }), fc.array(fc.nat(100_000), { maxLength: 120 }))
  .map(([range, indices]) => indices.map((index) => index % range));
const progressions = fc
  .array(fc.tuple(fc.nat(2000), fc.nat(40), fc.integer({ min: 1, max: 150 })), { maxLength: 8 })
  .map((runs) =>
    runs.flatMap(([first, size, step]) => Array.from({ length: size }, (_, k) => first + k * step)),
  );
const anySet = fc.tuple(scattered, progressions).map(([some, more]) => [...some, ...more]);

t.test('the cover is exact and never longer than plain ranges', async (t) => {
  const property = fc.property(anySet, (indices) => {
    const text = compress(indices);
    exact(t, indices, text);
    t.ok(text.length <= plainRanges(indices).length);
  });
  fc.assert(property, { numRuns: 200 });
});

t.test('order and repeats do not matter, and runs ascend', async (t) => {
  const property = fc.property(anySet, (indices) => {
    const text = compress(indices);
    t.equal(compress([...indices].reverse().concat(indices)), text);
    const firsts = text === '' ? [] : parseArraySpec(text).runs.map((run) => run.first);
    t.same(
      firsts,
      [...firsts].sort((a, b) => a - b),
    );
  });
  fc.assert(property);
});

t.test('refuses what is no index', async (t) => {
  t.throws(() => compress([1, -1]), ArraySpecError);
  t.throws(() => compress([0.5]), ArraySpecError);
});
