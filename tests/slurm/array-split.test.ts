import fc from 'fast-check';
import t from 'tap';
import { ArraySpecError, indexSet, parseArraySpec, toIndices } from '../../lib/slurm/array-spec.js';
import { splitToLength } from '../../lib/slurm/array-split.js';

const below = (end: number, keep: (index: number) => boolean) =>
  Array.from({ length: end }, (_, index) => index).filter(keep);

/** Repeatable numbers from 0 to 1 (Numerical Recipes' 32-bit generator). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Every property of a split at once; the pieces' count in exchange. */
function check(t: Tap, indices: readonly number[], maxLength: number): number {
  const pieces = splitToLength(indices, maxLength);
  for (const piece of pieces) {
    t.ok(piece.spec.length <= maxLength, `${piece.spec.length} of ${maxLength} characters`);
    t.same([...toIndices(parseArraySpec(piece.spec))], [...piece.indices]);
    t.equal(piece.count, piece.indices.length);
  }
  const all = pieces.flatMap((piece) => [...piece.indices]).sort((a, b) => a - b);
  t.same(all, [...indexSet(indices)], 'each index in exactly one piece');
  const firsts = pieces.map((piece) => piece.indices[0] ?? -1);
  t.same(
    firsts,
    [...firsts].sort((a, b) => a - b),
    'ascending',
  );
  return pieces.length;
}
type Tap = Pick<typeof t, 'ok' | 'same' | 'equal'>;

t.test('what fits stays whole', async (t) => {
  t.same(splitToLength([], 4096), []);
  t.equal(check(t, [3, 1, 2, 2], 3), 1);
  t.equal(
    check(
      t,
      below(5000, (i) => i % 10 >= 5),
      4096,
    ),
    1,
  );
});

t.test('the runs of a periodic set are shared out, not cut', async (t) => {
  const indices = below(10_500, (i) => i % 10 >= 5 && i % 17 !== 0);
  t.equal(check(t, indices, 400), 3);
  t.equal(check(t, indices, 100), 12);
});

t.test('a random half of 10,000 needs three texts of 4,096 characters', async (t) => {
  const next = random(1);
  const indices = below(10_000, () => next() < 0.5);
  t.equal(check(t, indices, 4096), 3);
});

/** Whether the pieces name each index once; tap's own comparison takes seconds for large sets. */
function checkLarge(t: Tap, indices: readonly number[], maxLength: number): number {
  const pieces = splitToLength(indices, maxLength);
  const named = indexSet(pieces.flatMap((piece) => [...toIndices(parseArraySpec(piece.spec))]));
  t.ok(
    named.length === indices.length && indices.every((index, place) => index === named[place]),
    'complete',
  );
  t.equal(
    pieces.reduce((sum, piece) => sum + piece.count, 0),
    indices.length,
    'disjoint',
  );
  t.ok(pieces.every((piece) => piece.spec.length <= maxLength));
  return pieces.length;
}

t.test('a random half of 100,000 is split by windows, at about 2.6 characters an index', async (t) => {
  const next = random(1);
  const indices = below(100_000, () => next() < 0.5);
  t.ok(checkLarge(t, indices, 4096) <= 33);
});

t.test('a large pattern with a period is shared out, with noise too', async (t) => {
  const next = random(2);
  const pattern = below(10_000, () => next() < 0.5);
  const large = Array.from({ length: 50 }, (_, k) => pattern.map((index) => index + k * 10_000)).flat();
  t.ok(checkLarge(t, large, 4096) <= 22, 'some 5,000 runs of 17 characters');
  const noisy = large.filter(() => next() < 0.999);
  t.ok(checkLarge(t, noisy, 4096) <= 33);
});

t.test('large sets at limits too tight for any run', async (t) => {
  const next = random(3);
  const indices = below(60_000, () => next() < 0.1);
  checkLarge(t, indices, 9);
});

t.test('limits too tight for any run', async (t) => {
  t.equal(
    check(
      t,
      below(100, (i) => i >= 10 && i % 3 === 0),
      5,
    ),
    15,
  );
  check(
    t,
    below(10_500, (i) => i % 10 >= 5 && i % 17 !== 0),
    5,
  );
});

t.test('a limit below one index is refused', async (t) => {
  const message = /array index 1000 alone is longer than the 3 characters allowed/;
  t.throws(() => splitToLength([1, 1000], 3), { name: 'ArraySpecError', message });
  for (const limit of [0, -5, Number.NaN]) t.throws(() => splitToLength([1], limit), ArraySpecError);
  t.throws(() => splitToLength([-1], 10), ArraySpecError);
});

t.test('pieces are disjoint, complete and within any limit', async (t) => {
  const indices = fc.oneof(
    fc.array(fc.nat(3000), { maxLength: 200 }),
    fc
      .array(fc.tuple(fc.nat(900), fc.nat(40), fc.integer({ min: 1, max: 90 })), { maxLength: 8 })
      .map((runs) =>
        runs.flatMap(([first, size, step]) => Array.from({ length: size }, (_, k) => first + k * step)),
      ),
  );
  fc.assert(
    fc.property(indices, fc.integer({ min: 4, max: 300 }), (set, limit) => {
      check(t, set, limit);
    }),
    { numRuns: 200 },
  );
});
