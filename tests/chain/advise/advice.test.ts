import t from 'tap';
import { type Advice, advise } from '../../../lib/chain/advise/advice.js';
import { adviceWords } from '../../../lib/chain/advise/advice-words.js';
import { DEFAULT_PRICES } from '../../../lib/chain/advise/price.js';
import { DEFAULT_POLICY } from '../../../lib/chain/ladder.js';
import { parseLadder } from '../../../lib/chain/ladder-file.js';
import { ladderYaml } from '../../../lib/chain/ladder-yaml.js';
import { parsePartitions } from '../../../lib/slurm/sinfo.js';
import { ladder, level } from '../plain-chain.js';
import { need } from './plain-need.js';

const GIGABYTE = 2 ** 30;
const MEGABYTE = 2 ** 20;

const PRESENT = ladder({
  levels: [
    level({ partition: 'devel,day', mem: 4 * GIGABYTE, time: 3600, qos: 'low' }),
    level({ partition: 'day,week', mem: 64 * GIGABYTE, time: 7200, qos: 'high' }),
  ],
});

const CLUSTER = parsePartitions(`devel|up|30:00|8192|4|10|d[1-10]
day*|up|4:00:00|65536|4|5|n[1-5]
week|up|7-00:00:00|131072|8|2|w[1-2]
`);

const known = (atLeast: number) => ({ atLeast, known: true });

/** Ninety small ones, nine of 20G, one that the highest level did not hold, one that fails. */
const NEEDS = [
  ...Array.from({ length: 90 }, (_, index) =>
    need(index, { memory: known(300 * MEGABYTE), time: known(600) }),
  ),
  ...Array.from({ length: 9 }, (_, index) =>
    need(90 + index, {
      memory: known(20 * GIGABYTE),
      time: known(1800),
      ranOut: { memory: true, time: false },
      outOfMemory: [{ mem: 4 * GIGABYTE, after: 60 }],
    }),
  ),
  need(99, {
    memory: { atLeast: 64 * GIGABYTE, known: false },
    time: { atLeast: 100, known: false },
    ranOut: { memory: true, time: false },
    outOfMemory: [{ mem: 64 * GIGABYTE, after: 100 }],
  }),
  need(100, { memory: known(MEGABYTE), time: known(5), succeeds: false }),
];

function adviceOf(change: Partial<Parameters<typeof advise>[0]> = {}): Advice {
  const advice = advise({
    needs: NEEDS,
    present: PRESENT,
    range: { startLevel: 0, maxLevel: 1 },
    partitions: ['devel', 'day', 'day', 'week'],
    levels: 2,
    headroom: 0.1,
    prices: DEFAULT_PRICES,
    cluster: null,
    ...change,
  });
  if (advice === null) throw new Error('no task completed');
  return advice;
}

t.test('what was observed', async (t) => {
  t.match(adviceOf(), {
    tasks: 101,
    completed: 99,
    failed: 1,
    memory: {
      percentiles: { p50: 300 * MEGABYTE, p90: 300 * MEGABYTE, p95: 20 * GIGABYTE, p100: 20 * GIGABYTE },
      ranOut: 10,
      lowerBounds: 1,
      largestBound: 64 * GIGABYTE,
    },
    time: { percentiles: { p50: 600, p100: 1800 }, ranOut: 0, lowerBounds: 0, largestBound: null },
  });
});

t.test('a ladder that fits them, and costs less', async (t) => {
  const { present, proposed, ladder: found } = adviceOf();
  t.match(found.levels, [
    { mem: 384 * MEGABYTE, time: 900, partition: 'devel,day', qos: 'low' },
    { mem: 24 * GIGABYTE, time: 2100, partition: 'day,week', qos: 'high' },
  ]);
  t.equal(found.levels.length, 2);
  t.ok(proposed.price < present.price);
  t.ok(proposed.simulation.total.gbHours < present.simulation.total.gbHours / 2.5);
  t.equal(proposed.simulation.ends.completed.length, 99);
  t.same(found.policy, PRESENT.policy);
});

t.test('partitions are those that can run a level', async (t) => {
  const { ladder: found } = adviceOf({ cluster: CLUSTER });
  t.match(found.levels, [
    { mem: 384 * MEGABYTE, partition: 'devel,day,week' },
    { mem: 24 * GIGABYTE, partition: 'day,week' },
  ]);
  const small = parsePartitions('day*|up|10:00|1024|4|5|n[1-5]\n');
  t.match(
    adviceOf({ cluster: small }).ladder.levels.at(-1),
    { mem: 24 * GIGABYTE },
    'where none can, as without',
  );
});

t.test('a ladder of too few levels is said to be worse', async (t) => {
  const words = adviceWords(adviceOf({ levels: 1 }), 0.1);
  t.ok(words.includes('The present ladder is cheaper than any of these sizes with so few levels: keep it.'));
});

t.test('a ladder that leaves memory to the script', async (t) => {
  const present = ladder({ levels: [level({ partition: 'day', time: 3600 })] });
  const advice = adviceOf({ present, range: { startLevel: 0, maxLevel: 0 }, levels: 2 });
  t.match(advice.ladder.levels, [{ mem: 384 * MEGABYTE }, { mem: 24 * GIGABYTE }]);
  t.match(adviceWords(advice, 0.1)[2], /the present ladder does not name its memory/);
});

t.test('no more levels than wished', async (t) => {
  t.match(adviceOf({ levels: 1 }).ladder.levels, [{ mem: 24 * GIGABYTE, time: 2100 }]);
  const many = adviceOf({ levels: 9 });
  t.ok(many.ladder.levels.length <= 3, 'and none that is of no use');
});

t.test('what does not climb has to have enough at once', async (t) => {
  const policy = {
    ...DEFAULT_POLICY,
    states: { ...DEFAULT_POLICY.states, OUT_OF_MEMORY: 'no_retry' as const },
  };
  const found = adviceOf({ present: { ...PRESENT, policy } }).ladder.levels;
  t.ok(found.every(({ mem }) => mem === 24 * GIGABYTE));
});

t.test('the proposal is a ladder file', async (t) => {
  const { ladder: found } = adviceOf({ cluster: CLUSTER });
  t.same(parseLadder(ladderYaml(found, ['why']), found.file), found);
});

t.test('why, in words', async (t) => {
  const words = adviceWords(adviceOf(), 0.1);
  t.match(words, [
    /^Level 0 \(384M, 00:15:00\): 90 of 101 tasks \(89 %\) complete here; 10 climb \(10 out of memory, 0 out of time\)\.$/,
    /^Level 1 \(24G, 00:35:00\): 9 of 10 tasks \(90 %\) complete here; 1 find no level above/,
    /^Against the present ladder, over the same tasks: .*fewer GB-hours, 1\.1\d attempts a task instead of/,
    /^1 task never completed \(needed: 1 more memory than 64G\)\./,
    /^Sizes are observed needs and 10 % of headroom/,
    /^1 task fails by itself, on any ladder\.$/,
  ]);
});

t.test('a ladder that cannot be bettered is said to be so', async (t) => {
  const needs = Array.from({ length: 9 }, (_, index) => need(index, { time: known(50) }));
  const present = ladder({ levels: [level({ mem: GIGABYTE, time: 60 })] });
  const advice = adviceOf({ needs, present, range: { startLevel: 0, maxLevel: 0 }, levels: 1 });
  t.match(advice.ladder.levels, [{ mem: GIGABYTE, time: 60 }]);
  t.ok(adviceWords(advice, 0.1).includes('The present ladder is as cheap as any of these sizes.'));
  t.equal(
    advise({
      ...advice,
      needs: [],
      present,
      range: { startLevel: 0, maxLevel: 0 },
      levels: 1,
      partitions: [],
      headroom: 0,
      prices: DEFAULT_PRICES,
      cluster: null,
    }),
    null,
  );
});
