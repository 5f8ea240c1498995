import fc from 'fast-check';
import t from 'tap';
import { inNameOrder } from '../../lib/workflow/plan/name-order.js';
import { foldNames } from '../../lib/workflow/plan/name-ranges.js';

fc.configureGlobal({ seed: 20260126 });

function ordered(names: readonly string[]): string[] {
  return inNameOrder(names.map((name) => ({ name }))).map(({ name }) => name);
}

const ORDERED: string[][] = [
  [],
  ['work_1', 'work_2', 'work_10'],
  ['a', 'b', 'b1', 'ba'],
  ['', '1', '2', '10', 'a'],
  ['run1_2', 'run1_10', 'run2_1'],
  ['x007', 'x07', 'x7', 'x08'],
  ['B', 'a'],
  ['n99999999999999999998', 'n99999999999999999999', 'n100000000000000000000'],
];

const FOLDED: [string[], string[]][] = [
  [[], []],
  [
    ['prep_a', 'prep_b'],
    ['prep_a', 'prep_b'],
  ],
  [
    ['work_a_1', 'work_a_2', 'work_a_3', 'work_b_1', 'work_b_2'],
    ['work_a_{1..3}', 'work_b_1', 'work_b_2'],
  ],
  [['w_8', 'w_9', 'w_10', 'w_11'], ['w_{8..11}']],
  [['w_08', 'w_09', 'w_10', 'w_11'], ['w_{08..11}']],
  [['w_098', 'w_099', 'w_100', 'w_101'], ['w_{098..101}']],
  // {098..1000} would unfold to 0098.
  [
    ['w_998', 'w_0999', 'w_999', 'w_1000', 'w_1001'],
    ['w_998', 'w_0999', 'w_{999..1001}'],
  ],
  [
    ['w_97', 'w_098', 'w_99', 'w_100'],
    ['w_97', 'w_098', 'w_99', 'w_100'],
  ],
  [
    ['w1', 'w2', 'w3', 'w5', 'w7', 'w8', 'w9'],
    ['w{1..3}', 'w5', 'w{7..9}'],
  ],
  [['1.txt', '2.txt', '3.txt'], ['{1..3}.txt']],
  [['p0', 'p1', 'p2'], ['p{0..2}']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [['i1_j1', 'i1_j2', 'i1_j3', 'i2_j1', 'i2_j2', 'i2_j3', 'i3_j1', 'i3_j2', 'i3_j3'], ['i{1..3}_j{1..3}']],
  [
    ['n99999999999999999998', 'n99999999999999999999', 'n100000000000000000000'],
    ['n99999999999999999998', 'n99999999999999999999', 'n100000000000000000000'],
  ],
];

t.test('names are in the order in which a person counts', async (t) => {
  for (const names of ORDERED) t.same(ordered(names.toReversed()), names, names.join(' '));
});

t.test('runs of numbers are folded', async (t) => {
  for (const [names, folded] of FOLDED) t.same(foldNames(names), folded, names.join(' '));
});

const anyName = fc.string({ unit: fc.constantFrom(...'ab_0129'), maxLength: 6 });
const anyNames = fc.uniqueArray(anyName, { maxLength: 60 });

t.test('the order is one, wherever it starts', async () => {
  const shuffled = anyNames.chain((names) =>
    fc.tuple(fc.constant(names), fc.shuffledSubarray(names, { minLength: names.length })),
  );
  fc.assert(
    fc.property(shuffled, ([names, others]) => ordered(names).join() === ordered(others).join()),
    { numRuns: 500 },
  );
});

t.test('unfolding gives the same names, each once', async () => {
  fc.assert(
    fc.property(anyNames, (names) => {
      const unfolded = foldNames(ordered(names)).flatMap(unfold);
      return unfolded.toSorted().join() === names.toSorted().join();
    }),
    { numRuns: 1000 },
  );
});

/** As bash does. */
function unfold(text: string): string[] {
  const match = /^(.*?)\{(\d+)\.\.(\d+)\}(.*)$/.exec(text);
  if (match === null) return [text];
  const [, before, first = '', last = '', behind = ''] = match;
  const width = first.length > 1 && first.startsWith('0') ? Math.max(first.length, last.length) : 0;
  const numbers = Array.from(
    { length: Number(last) - Number(first) + 1 },
    (_, index) => Number(first) + index,
  );
  return numbers.flatMap((number) =>
    unfold(behind).map((rest) => `${before}${String(number).padStart(width, '0')}${rest}`),
  );
}
