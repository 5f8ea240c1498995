import fc from 'fast-check';
import t from 'tap';
import type { TaskOutcome } from '../../lib/chain/checkpoint.js';
import { conservationViolation } from '../../lib/chain/conservation.js';
import type { RoundTask } from '../../lib/chain/decide.js';
import { decideRound } from '../../lib/chain/decide-round.js';
import { indexSet } from '../../lib/chain/index-set.js';
import {
  activeNodes,
  DEFAULT_NODE_EXCLUSION,
  describeExclusion,
  type ExcludedNode,
  judgeNodes,
  mergeExclusions,
} from '../../lib/chain/node-exclusion.js';
import { checkpoint, ladder, outcome } from './plain-chain.js';

fc.configureGlobal({ seed: 20251224 });

const NOW = 1_766_554_744;

const fast = (node: string | null, change: Partial<TaskOutcome> = {}): Partial<TaskOutcome> => ({
  ...{ node, state: 'FAILED', exit: { code: 1, signal: 0 }, elapsed: 0 },
  ...change,
});
const fine = (node: string): Partial<TaskOutcome> => ({ node, elapsed: 300 });
const tooLarge = (node: string): Partial<TaskOutcome> => ({ node, state: 'OUT_OF_MEMORY', elapsed: 1 });

function times(count: number, end: Partial<TaskOutcome>): Partial<TaskOutcome>[] {
  return Array.from({ length: count }, () => end);
}

function observed(ends: readonly Partial<TaskOutcome>[], attemptsAtLevel = 0) {
  const tasks: RoundTask[] = ends.map((_, index) => ({ index, level: 0, attemptsAtLevel, events: [] }));
  return { tasks, outcomes: new Map(ends.map((end, index) => [index, outcome(index, end)])) };
}

function badNodes(
  ends: readonly Partial<TaskOutcome>[],
  kept: readonly ExcludedNode[] = [],
  attempts = 0,
): string[] {
  const { tasks, outcomes } = observed(ends, attempts);
  return judgeNodes(tasks, outcomes, DEFAULT_NODE_EXCLUSION, kept, NOW).found.map(({ node }) => node);
}

const before = (node: string, until = NOW - 1): ExcludedNode => ({
  node,
  since: NOW - 3601,
  until,
  reason: 'bad',
});

/** What happened in a round, and the nodes that are taken for bad. */
const TABLE: [string, Partial<TaskOutcome>[], string[]][] = [
  ['nothing', [], []],
  ['one node eats tasks', [...times(5, fast('b')), ...times(5, fine('n1'))], ['b']],
  ['four fast failures may be chance', [...times(4, fast('b')), ...times(9, fine('n1'))], []],
  ['a task completed there', [...times(9, fast('b')), fine('b'), ...times(9, fine('n1'))], []],
  ['nothing to compare with', times(9, fast('b')), []],
  ['too little to compare with', [...times(9, fast('b')), ...times(2, fine('n1'))], []],
  ['slow failures', [...times(9, fast('b', { elapsed: 11 })), ...times(9, fine('n1'))], []],
  [
    'failures of many kinds are of the tasks',
    [1, 2, 3, 1, 2, 3, 1, 2, 3]
      .map((code) => fast('b', { exit: { code, signal: 0 } }))
      .concat(times(9, fine('n1'))),
    [],
  ],
  [
    'one kind among them is enough',
    [1, 2, 3, 1, 1, 1, 1]
      .map((code) => fast('b', { exit: { code, signal: 0 } }))
      .concat(times(9, fine('n1'))),
    ['b'],
  ],
  ['just fast enough', [...times(5, fast('b', { elapsed: 10 })), ...times(5, fine('n1'))], ['b']],
  ['out of memory at once is no node', [...times(9, tooLarge('b')), ...times(9, fine('n1'))], []],
  ['elsewhere tasks ran out of memory', [...times(5, fast('b')), ...times(5, tooLarge('n1'))], ['b']],
  ['a boot failure counts', [...times(5, fast('b', { state: 'BOOT_FAIL' })), ...times(5, fine('n1'))], ['b']],
  [
    'a cancelled task does not',
    [...times(9, fast('b', { state: 'CANCELLED' })), ...times(9, fine('n1'))],
    [],
  ],
  [
    'the script fails everywhere',
    ['n1', 'n2', 'n3', 'n4']
      .flatMap((node) => [...times(6, fast(node)), fine(node)])
      .concat(times(6, fast('b'))),
    [],
  ],
  [
    'more nodes look bad than good',
    [...times(5, fast('a')), ...times(5, fast('b')), ...times(9, fine('n1'))],
    [],
  ],
  [
    'two of four that eat most tasks',
    [...times(400, fast('a')), ...times(300, fast('b')), ...times(3, fine('n1')), ...times(3, fine('n2'))],
    ['a', 'b'],
  ],
  ['attempts on several nodes', [...times(9, fast('b[1-2]')), ...times(9, fine('n1'))], []],
  ['attempts without a node', [...times(9, fast(null)), ...times(9, fine('n1'))], []],
  ['some ran out of memory there', [...times(5, fast('b')), tooLarge('b'), ...times(5, fine('n1'))], ['b']],
];

t.test('which nodes are bad', async (t) => {
  for (const [name, ends, expected] of TABLE) t.same(badNodes(ends), expected, name);
});

t.test('a task that runs again testifies only against a node that was excluded before', async (t) => {
  const ends = [...times(5, fast('b')), ...times(9, fine('n1'))];
  t.same(badNodes(ends, [], 1), []);
  t.same(badNodes(ends, [before('n7')], 1), []);
  t.same(badNodes(ends, [before('b')], 1), ['b'], 'also when that has expired');
});

t.test('blamed are the fast failures on bad nodes, new ones and those still excluded', async (t) => {
  const ends = [
    ...times(5, fast('b')),
    fast('b', { elapsed: 60 }),
    fast('c'),
    fast('d'),
    ...times(9, fine('n1')),
  ];
  const { tasks, outcomes } = observed(ends);
  const kept = [before('c', NOW + 1), before('d')];
  const { found, blamed } = judgeNodes(tasks, outcomes, DEFAULT_NODE_EXCLUSION, kept, NOW);
  t.same([...blamed], [0, 1, 2, 3, 4, 6]);
  t.same(found, [
    { node: 'b', since: NOW, until: NOW + 3600, reason: '5 of 6 tasks failed within 10 s, none completed' },
  ]);
  t.match(
    describeExclusion(found[0] ?? before('x')),
    /^b until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d: 5 of 6 tasks/,
  );
  t.same(judgeNodes(tasks, outcomes, null, kept, NOW), { found: [], blamed: new Set() }, 'off');
});

t.test('one exclusion a node, until it expires', async (t) => {
  const kept = [before('a', NOW + 5), before('b')];
  const renewed = before('b', NOW + 100);
  t.same(mergeExclusions(kept, [renewed]), [kept[0], renewed]);
  t.same(activeNodes(kept, NOW), ['a']);
  t.same(activeNodes(kept, NOW + 5), []);
});

const anyEnd = fc.record({
  node: fc.constantFrom('a', 'b', 'c', 'd', 'e[1-2]', null),
  state: fc.constantFrom(
    'COMPLETED' as const,
    'FAILED' as const,
    'OUT_OF_MEMORY' as const,
    'NODE_FAIL' as const,
  ),
  elapsed: fc.nat(20),
});

t.test('a node on which a task completed is never bad, and no more than half of the nodes are', async () => {
  fc.assert(
    fc.property(fc.array(anyEnd, { maxLength: 60 }), (ends) => {
      const bad = badNodes(ends);
      const nodes = new Set(ends.flatMap(({ node }) => node ?? []));
      const witnesses = (node: string) => ends.filter((end) => end.node === node && end.elapsed <= 10).length;
      return (
        bad.every((node) => !ends.some((end) => end.node === node && end.state === 'COMPLETED')) &&
        bad.every((node) => witnesses(node) >= DEFAULT_NODE_EXCLUSION.failures) &&
        bad.length * 2 <= nodes.size
      );
    }),
  );
});

const CHAIN = checkpoint({ ladder: ladder({ nodeExclusion: DEFAULT_NODE_EXCLUSION }) });

t.test('the round after avoids bad nodes, and runs what they failed once more', async (t) => {
  const { tasks, outcomes } = observed([...times(5, fast('b')), ...times(5, fine('n1')), tooLarge('n1')]);
  const chain = { ...CHAIN, excludedNodes: [before('c', NOW + 1), before('d')] };
  const { decision, excludedNodes, found, capped } = decideRound(chain, tasks, outcomes, NOW);
  t.same(
    decision.next.map(({ level, indices, exclude }) => [level, [...indices], exclude]),
    [
      [0, [0, 1, 2, 3, 4], ['b', 'c']],
      [1, [10], ['b', 'c']],
    ],
  );
  t.same(decision.failures, []);
  t.equal(capped, null);
  t.same(
    found.map(({ node }) => node),
    ['b'],
  );
  t.same(
    excludedNodes.map(({ node }) => node),
    ['c', 'd', 'b'],
  );
});

t.test('the retry limit holds for them, too', async (t) => {
  const kept = [before('b', NOW + 1)];
  for (const [attempts, cause] of [
    [2, undefined],
    [3, 'retry_limit'],
  ] as const) {
    const { tasks, outcomes } = observed([fast('b')], attempts);
    const { decision } = decideRound({ ...CHAIN, excludedNodes: kept }, tasks, outcomes, NOW);
    t.equal(decision.failures[0]?.cause, cause);
  }
});

t.test('the policy goes first: what it escalates or retries it does not blame', async (t) => {
  const { tasks, outcomes } = observed([
    ...times(5, fast('b', { exit: { code: 137, signal: 0 } })),
    ...times(5, fine('n1')),
  ]);
  const { decision } = decideRound(CHAIN, tasks, outcomes, NOW);
  t.same(
    decision.next.map(({ level, exclude }) => [level, exclude]),
    [[1, ['b']]],
  );
});

t.test('caps count what a bad node made run again', async (t) => {
  const { tasks, outcomes } = observed([...times(5, fast('b')), ...times(5, fine('n1'))]);
  const caps = { attempts: 14, coreHours: null, wallTime: null };
  const chain = { ...CHAIN, ladder: ladder({ nodeExclusion: DEFAULT_NODE_EXCLUSION, caps }) };
  const { decision, capped } = decideRound(chain, tasks, outcomes, NOW);
  t.same([...decision.buckets.retrying], [0, 1, 2, 3]);
  t.match(capped, { cap: 'attempts', used: 10, allowed: 14, tasks: 1 });
});

const anyKept = fc.uniqueArray(
  fc.record({
    node: fc.constantFrom('a', 'b', 'c', 'd'),
    since: fc.constant(NOW - 60),
    until: fc.integer({ min: NOW - 30, max: NOW + 30 }),
    reason: fc.constant('bad'),
  }),
  { selector: ({ node }) => node },
);

t.test('whatever happened, no task is lost, and what runs again avoids every excluded node', async () => {
  fc.assert(
    fc.property(
      fc.array(anyEnd, { maxLength: 60 }),
      anyKept,
      fc.nat(4),
      fc.option(fc.integer({ min: 1, max: 60 })),
      (ends, kept, attempts, cap) => {
        const { tasks, outcomes } = observed(ends, attempts);
        const caps = { attempts: cap === null ? null : 10 + cap, coreHours: null, wallTime: null };
        const rules = ladder({ nodeExclusion: DEFAULT_NODE_EXCLUSION, caps });
        const chain = { ...CHAIN, ladder: rules, excludedNodes: kept };
        const { decision, excludedNodes } = decideRound(chain, tasks, outcomes, NOW);
        const avoided = activeNodes(excludedNodes, NOW);
        return (
          conservationViolation(indexSet(tasks.map(({ index }) => index)), decision.buckets) === null &&
          decision.next.every(({ exclude }) => avoided.every((node) => exclude.includes(node))) &&
          decision.buckets.retrying.length <= (cap ?? ends.length) &&
          new Set(excludedNodes.map(({ node }) => node)).size === excludedNodes.length &&
          kept.every(({ node }) => excludedNodes.some((entry) => entry.node === node))
        );
      },
    ),
  );
});
