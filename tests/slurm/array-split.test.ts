import fc from 'fast-check';
import t from 'tap';
import { ArraySpecError, indexSet, parseArraySpec, toIndices } from '../../lib/slurm/array-spec.js';
import { splitToLength } from '../../lib/slurm/array-split.js';

const below = (end: number, keep: (index: number) => boolean) =>
  Array.from({ length: end }, (_, index) => index).filter(keep);

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
  let state = 1;
  const indices = below(10_000, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state < 2 ** 31;
  });
  t.equal(check(t, indices, 4096), 3);
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
