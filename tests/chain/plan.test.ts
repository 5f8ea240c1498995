import fc from 'fast-check';
import t from 'tap';
import type { Round } from '../../lib/chain/checkpoint.js';
import type { RetryGroup } from '../../lib/chain/decide.js';
import { indexSet } from '../../lib/chain/index-set.js';
import { handlerToken, jobToken, plannedHandlers, planRound, shareThrottle } from '../../lib/chain/plan.js';
import { expand, parseArraySpec } from '../../lib/slurm/array-spec.js';
import { CHAIN, round, roundJob } from './plain-chain.js';

fc.configureGlobal({ seed: 20251224 });

const LIMITS = { maxArraySize: 1001, maxArraySpecLength: 4096 };
const NOW = 1_766_554_744;

interface Asked {
  number?: number;
  array?: string | null;
  throttle?: number | null;
  limits?: Partial<typeof LIMITS>;
}

function plan(groups: RetryGroup[], asked: Asked = {}): Round {
  const { number = 1, array = '0-9', throttle = null, limits = {} } = asked;
  return planRound(CHAIN, number, groups, { array, throttle }, { ...LIMITS, ...limits }, NOW);
}

function group(indices: Iterable<number>, level = 0, exclude: string[] = []): RetryGroup {
  return { level, indices: indexSet(indices), exclude };
}

function* range(first: number, last: number, step = 1): Generator<number> {
  for (let index = first; index <= last; index += step) yield index;
}

/** Squares have no stride: their text is nearly as long as a list. */
const SQUARES = Array.from({ length: 31 }, (_, root) => root * root);

t.test('one group that fits is one job', async (t) => {
  t.same(plan([group(range(8, 988, 10), 1, ['n7'])], { number: 2 }), {
    number: 2,
    phase: 'submitting',
    startedAt: NOW,
    jobs: [
      {
        token: `afterok:${CHAIN}:r2:j1`,
        level: 1,
        array: '8-988:10',
        throttle: null,
        indices: '8-988:10',
        count: 99,
        mapped: false,
        exclude: ['n7'],
        jobId: null,
      },
    ],
    handlers: [],
    result: null,
  });
});

t.test('a chain without --array is a single job, whatever the throttle', async (t) => {
  const { jobs } = plan([group([0], 1)], { array: null });
  t.match(jobs, [{ level: 1, array: null, indices: '0', count: 1, mapped: false, throttle: null }]);
  t.equal(jobs.length, 1);
});

t.test('texts are split at the length, the throttle behind them included', async (t) => {
  const whole = plan([group(SQUARES)]).jobs;
  const length = whole[0]?.array?.length ?? 0;
  t.equal(whole.length, 1);
  t.equal(plan([group(SQUARES)], { limits: { maxArraySpecLength: length } }).jobs.length, 1, 'just fits');
  const throttled = { throttle: 50, limits: { maxArraySpecLength: length } };
  t.equal(plan([group(SQUARES)], throttled).jobs.length, 2, '%50 makes it too long');
  const roomy = { throttle: 50, limits: { maxArraySpecLength: length + 3 } };
  t.equal(plan([group(SQUARES)], roomy).jobs.length, 1);
});

t.test('indices from MaxArraySize on are mapped, in chunks', async (t) => {
  const { jobs } = plan([group([...range(0, 3), ...range(10, 18)])], {
    limits: { maxArraySize: 4 },
    throttle: null,
  });
  t.same(
    jobs.map(({ array, indices, count, mapped }) => [array, indices, count, mapped]),
    [
      ['0-3', '0-3', 4, false],
      ['0-3', '10-13', 4, true],
      ['0-3', '14-17', 4, true],
      ['0', '18', 1, true],
    ],
  );
  const edge = plan([group([1000, 1001])]).jobs;
  t.same(
    edge.map(({ array, indices, mapped }) => [array, indices, mapped]),
    [
      ['1000', '1000', false],
      ['0', '1001', true],
    ],
  );
  const beyond = plan([group([5000])]).jobs;
  t.match(beyond, [{ array: '0', indices: '5000', mapped: true }]);
  t.equal(beyond.length, 1);
});

t.test('groups keep their levels, tokens count through', async (t) => {
  const { jobs } = plan([group([1, 2], 0, ['n7']), group([3], 1)], { number: 3 });
  t.same(
    jobs.map(({ token, level, exclude, array }) => [token, level, exclude, array]),
    [
      [jobToken(CHAIN, 3, 1), 0, ['n7'], '1-2'],
      [jobToken(CHAIN, 3, 2), 1, [], '3'],
    ],
  );
});

/** Throttle, tasks per job, shares. */
const SHARES: [number | null, number[], (number | null)[]][] = [
  [null, [10, 20], [null, null]],
  [5, [10], [5]],
  [10, [100, 100], [5, 5]],
  [10, [300, 100], [7, 2]],
  [2, [1000, 1, 1], [1, 1, 1]],
  [1, [5, 5], [1, 1]],
  [4, [], []],
];

t.test('the throttle is shared among the jobs of a round', async (t) => {
  for (const [throttle, counts, shares] of SHARES) {
    t.same(shareThrottle(throttle, counts), shares, `${throttle} of ${counts}`);
  }
});

t.test('shares never exceed the throttle but for the one task that each job needs', async () => {
  const counts = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), counts, (throttle, tasks) => {
      const shares = shareThrottle(throttle, tasks).map(Number);
      const sum = shares.reduce((total, share) => total + share, 0);
      return shares.every((share) => share >= 1) && sum <= Math.max(throttle, throttle + tasks.length - 1);
    }),
  );
});

t.test('one job has two handlers, several have one', async (t) => {
  const one = plannedHandlers(CHAIN, round([roundJob()], { number: 2 }));
  t.same(one, [
    { token: handlerToken(CHAIN, 2, 1), trigger: 'afternotok', jobId: null },
    { token: handlerToken(CHAIN, 2, 2), trigger: 'afterok', jobId: null },
  ]);
  const several = plannedHandlers(CHAIN, round([roundJob(), roundJob()]));
  t.same(several, [{ token: handlerToken(CHAIN, 1, 1), trigger: 'afterany', jobId: null }]);
});

t.test('planned jobs partition the groups within the limits', async () => {
  const set = fc.uniqueArray(fc.nat(3000), { minLength: 1, maxLength: 200 });
  const groups = fc.array(fc.tuple(set, fc.nat(3)), { minLength: 1, maxLength: 3 });
  const limits = fc.record({
    maxArraySize: fc.integer({ min: 2, max: 3500 }),
    maxArraySpecLength: fc.integer({ min: 20, max: 200 }),
  });
  const throttle = fc.option(fc.integer({ min: 1, max: 999_999 }));
  fc.assert(
    fc.property(groups, limits, throttle, (asked, bounds, bound) => {
      const { jobs } = plan(
        asked.map(([indices, level]) => group(indices, level)),
        { throttle: bound, limits: bounds },
      );
      const planned = jobs.flatMap((job) =>
        [...expand(parseArraySpec(job.indices))].map((index) => `${job.level} ${index}`),
      );
      const wanted = asked.flatMap(([indices, level]) => indices.map((index) => `${level} ${index}`));
      return (
        planned.sort().join() === wanted.sort().join() &&
        new Set(jobs.map((job) => job.token)).size === jobs.length &&
        jobs.every((job) => {
          const members = [...expand(parseArraySpec(job.array ?? ''))];
          const text = job.throttle === null ? `${job.array}` : `${job.array}%${job.throttle}`;
          const fits =
            text.length <= bounds.maxArraySpecLength && (members.at(-1) ?? 0) < bounds.maxArraySize;
          return fits && members.length === job.count && (job.mapped || job.array === job.indices);
        })
      );
    }),
    { numRuns: 60 },
  );
});
