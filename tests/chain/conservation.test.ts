import fc from 'fast-check';
import t from 'tap';
import { type Bucket, conservationViolation } from '../../lib/chain/conservation.js';
import { indexSet } from '../../lib/chain/index-set.js';

fc.configureGlobal({ seed: 20251224 });

function buckets(lists: Partial<Record<Bucket, number[]>>): Record<Bucket, Uint32Array> {
  const { completed = [], retrying = [], failed = [], unknown = [] } = lists;
  return {
    completed: Uint32Array.from(completed),
    retrying: Uint32Array.from(retrying),
    failed: Uint32Array.from(failed),
    unknown: Uint32Array.from(unknown),
  };
}

/** Indices of the round, where they are, and the violation. */
const CASES: [number[], Partial<Record<Bucket, number[]>>, string | null][] = [
  [[], {}, null],
  [[1, 2, 3, 4], { completed: [1], retrying: [2], failed: [3], unknown: [4] }, null],
  [[1, 2, 3], { retrying: [3, 1, 2] }, null],
  [[1, 2, 3], { completed: [1] }, 'conservation violated: of 3 tasks 2 lost (2-3)'],
  [[1, 2], { completed: [1, 2], failed: [2] }, 'conservation violated: of 2 tasks 1 in two places'],
  [[1, 2], { retrying: [1, 2, 2] }, 'conservation violated: of 2 tasks 1 in two places'],
  [[1], { completed: [1], unknown: [7] }, 'conservation violated: of 1 tasks 1 not of this round (7)'],
  [[], { failed: [0] }, 'conservation violated: of 0 tasks 1 not of this round (0)'],
  [
    [0, 1, 2, 3],
    { completed: [0, 9], failed: [0] },
    'conservation violated: of 4 tasks 3 lost (1-3), 1 not of this round (9), 1 in two places',
  ],
];

t.test('names what is lost, doubled or foreign', async (t) => {
  for (const [expected, lists, violation] of CASES) {
    t.equal(conservationViolation(indexSet(expected), buckets(lists)), violation, JSON.stringify(lists));
  }
});

const NAMES = ['completed', 'retrying', 'failed', 'unknown'] as const;

t.test('holds exactly for partitions', async () => {
  const placed = fc.uniqueArray(fc.tuple(fc.nat(1000), fc.constantFrom(...NAMES)), {
    selector: ([index]) => index,
  });
  const partition = (entries: readonly (readonly [number, Bucket])[]) =>
    buckets(
      Object.fromEntries(
        NAMES.map((name) => [name, entries.filter(([, bucket]) => bucket === name).map(([index]) => index)]),
      ),
    );
  fc.assert(
    fc.property(placed, fc.constantFrom(...NAMES), (entries, name) => {
      const indices = indexSet(entries.map(([index]) => index));
      const [first, ...rest] = entries;
      const holds = conservationViolation(indices, partition(entries)) === null;
      if (first === undefined) return holds;
      const without = conservationViolation(indices, partition(rest));
      const doubled = conservationViolation(indices, partition([...entries, [first[0], name]]));
      const foreign = conservationViolation(indices, partition([...entries, [1001, name]]));
      return (
        holds &&
        without?.includes('1 lost') === true &&
        doubled?.endsWith('1 in two places') === true &&
        foreign?.includes('1 not of this round (1001)') === true
      );
    }),
  );
});
