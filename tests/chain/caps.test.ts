import fc from 'fast-check';
import t from 'tap';
import {
  type ChainCaps,
  capUses,
  checkFirstRound,
  coreSeconds,
  describeCap,
  NO_CAPS,
  parseWallTime,
  type Spending,
  spending,
  withinCaps,
} from '../../lib/chain/caps.js';
import type { TaskOutcome } from '../../lib/chain/checkpoint.js';
import { conservationViolation } from '../../lib/chain/conservation.js';
import { type Decision, decide } from '../../lib/chain/decide.js';
import { indexSet, union } from '../../lib/chain/index-set.js';
import { DEFAULT_POLICY } from '../../lib/chain/ladder.js';
import { checkpoint, outcome, round, roundJob } from './plain-chain.js';

fc.configureGlobal({ seed: 20251224 });

const LADDER = { policy: DEFAULT_POLICY, retryLimit: 3 };
const UNUSED: Spending = { attempts: 0, coreHours: 0, wallTime: 0 };

const oom = (index: number, change: Partial<TaskOutcome> = {}) =>
  outcome(index, { state: 'OUT_OF_MEMORY', exit: { code: 0, signal: 125 }, ...change });

/** A round at level 0 of which these were observed. */
function decided(outcomes: readonly TaskOutcome[]): [Decision, ReadonlyMap<number, TaskOutcome>] {
  const found = new Map(outcomes.map((entry) => [entry.index, entry]));
  const tasks = outcomes.map(({ index }) => ({ index, level: 0, attemptsAtLevel: 0, events: [] }));
  return [decide(tasks, found, { ...LADDER, axes: null, retryBudgets: {}, oomExit0: 'retry' }, 1, 0), found];
}

const HOUR = 3600;

/** What caps a chain that has used so much, and which of the tasks 0 to 3, an hour on 2 CPUs each, run again. */
const TABLE: [string, Partial<ChainCaps>, Partial<Spending>, number[], string | null][] = [
  ['no caps', {}, { attempts: 1e9, coreHours: 1e9, wallTime: 1e9 }, [0, 1, 2, 3], null],
  ['room for all', { attempts: 8 }, { attempts: 4 }, [0, 1, 2, 3], null],
  ['room for the lowest', { attempts: 7 }, { attempts: 4 }, [0, 1, 2], 'attempts'],
  ['no room', { attempts: 4 }, { attempts: 4 }, [], 'attempts'],
  ['a cap that was lowered', { attempts: 3 }, { attempts: 4 }, [], 'attempts'],
  ['core-hours for all', { coreHours: 16 }, { coreHours: 8 }, [0, 1, 2, 3], null],
  ['core-hours for three', { coreHours: 15.9 }, { coreHours: 8 }, [0, 1, 2], 'coreHours'],
  ['core-hours for less than one', { coreHours: 9 }, { coreHours: 8 }, [], 'coreHours'],
  ['no core-hours', { coreHours: 8 }, { coreHours: 8 }, [], 'coreHours'],
  ['time left', { wallTime: 60 }, { wallTime: 59.9 }, [0, 1, 2, 3], null],
  ['time over', { wallTime: 60 }, { wallTime: 60 }, [], 'wallTime'],
  ['the tightest is named', { attempts: 7, coreHours: 5 }, { attempts: 4 }, [0, 1], 'coreHours'],
  ['of equals the first', { attempts: 4, wallTime: 1 }, { attempts: 4, wallTime: 2 }, [], 'attempts'],
];

t.test('what runs again under caps', async (t) => {
  const [decision, found] = decided([0, 1, 2, 3].map((index) => oom(index, { elapsed: HOUR, cpus: 2 })));
  for (const [name, caps, used, running, cap] of TABLE) {
    const result = withinCaps(decision, found, { ...NO_CAPS, ...caps }, { ...UNUSED, ...used });
    const capped = [0, 1, 2, 3].filter((index) => !running.includes(index));
    t.same([...result.decision.buckets.retrying], running, name);
    t.same([...result.decision.buckets.failed], capped, name);
    t.same(
      result.decision.next.flatMap(({ indices }) => [...indices]),
      running,
      name,
    );
    t.equal(result.capped?.cap ?? null, cap, name);
    t.equal(result.capped?.tasks ?? 0, capped.length, name);
    t.same(
      result.decision.failures.map(({ cause, count }) => `${cause} ${count}`),
      capped.length === 0 ? [] : [`capped ${capped.length}`],
      name,
    );
  }
});

t.test('tasks without core-seconds run as long as there is anything left', async (t) => {
  const [decision, found] = decided([oom(0, { elapsed: 0 }), oom(1, { elapsed: 0, cpus: null })]);
  const caps = { ...NO_CAPS, coreHours: 1 };
  t.equal(withinCaps(decision, found, caps, { ...UNUSED, coreHours: 0.99 }).capped, null);
  t.match(withinCaps(decision, found, caps, { ...UNUSED, coreHours: 1 }).capped, { tasks: 2 });
});

t.test('a round of which nothing runs again hits no cap', async (t) => {
  const [decision, found] = decided([outcome(0), outcome(1, { state: 'FAILED' })]);
  const spent = { attempts: 9, coreHours: 9, wallTime: 9 };
  const result = withinCaps(decision, found, { attempts: 1, coreHours: 1, wallTime: 1 }, spent);
  t.equal(result.capped, null);
  t.equal(result.decision, decision);
});

const anyEnd = fc.record({
  state: fc.constantFrom('COMPLETED' as const, 'OUT_OF_MEMORY' as const, 'FAILED' as const),
  elapsed: fc.nat(9999),
  cpus: fc.constantFrom(null, 0, 1, 64),
});
const anyCap = fc.option(fc.integer({ min: 1, max: 500 }), { freq: 2 });
const anyCaps = fc.record({ attempts: anyCap, coreHours: anyCap, wallTime: anyCap });
const anySpending = fc.record({ attempts: fc.nat(600), coreHours: fc.nat(600), wallTime: fc.nat(600) });

t.test('no task is lost, none runs beyond a cap, and a higher cap never runs fewer', async () => {
  fc.assert(
    fc.property(fc.array(anyEnd), anyCaps, anySpending, (ends, caps, used) => {
      const [decision, found] = decided(ends.map((end, position) => outcome(3 * position, end)));
      const { decision: kept, capped } = withinCaps(decision, found, caps, used);
      const higher = { ...caps, attempts: caps.attempts === null ? null : caps.attempts + 5 };
      const { retrying } = kept.buckets;
      const left = (caps.attempts ?? Number.POSITIVE_INFINITY) - used.attempts;
      return (
        conservationViolation(indexSet([...found.keys()]), kept.buckets) === null &&
        String(union(kept.next.map(({ indices }) => indices))) === String(retrying) &&
        kept.failures.reduce((sum, { count }) => sum + count, 0) === kept.buckets.failed.length &&
        retrying.length <= Math.max(0, left) &&
        decision.buckets.retrying.length - retrying.length === (capped?.tasks ?? 0) &&
        String(retrying) === String(decision.buckets.retrying.subarray(0, retrying.length)) &&
        withinCaps(decision, found, higher, used).decision.buckets.retrying.length >= retrying.length
      );
    }),
  );
});

t.test('what a chain has used', async (t) => {
  t.equal(coreSeconds([oom(0, { elapsed: 10, cpus: 4 }), oom(1, { elapsed: 3, cpus: null })]), 43);
  const result = {
    ...{ retries: [], warned: '', finishedAt: 0, states: {}, failures: [], coreSeconds: 5400, capped: null },
    buckets: { completed: '', retrying: '', failed: '', unknown: '' },
  };
  const rounds = [round([roundJob(), roundJob({ count: 5 })], { result }), round([roundJob({ count: 3 })])];
  const used = spending(checkpoint({ rounds, createdAt: 1000 }), 1800, 1060);
  t.same(used, { attempts: 18, coreHours: 2, wallTime: 60 });
  t.equal(spending(checkpoint({ createdAt: 1000 }), 0, 900).wallTime, 0, 'a clock that goes back');
  t.same(capUses({ ...NO_CAPS, attempts: 20 }, used), [
    { cap: 'attempts', used: 18, allowed: 20 },
    { cap: 'coreHours', used: 2, allowed: null },
    { cap: 'wallTime', used: 60, allowed: null },
  ]);
});

t.test('a first round that is too large is refused', async (t) => {
  t.doesNotThrow(() => checkFirstRound({ ...NO_CAPS, attempts: 10 }, 10));
  t.doesNotThrow(() => checkFirstRound(NO_CAPS, 1e6));
  t.throws(() => checkFirstRound({ ...NO_CAPS, attempts: 10 }, 11), {
    code: 'bad-option',
    message: 'the first round has 11 tasks, the chain is capped at 10 attempts',
  });
});

t.test('texts', async (t) => {
  const hit = { used: 18, allowed: 20, tasks: 4 };
  t.equal(
    describeCap({ cap: 'attempts', ...hit }),
    'the cap on attempts: 18 of 20 used, 4 tasks beyond it are not run again',
  );
  t.equal(
    describeCap({ cap: 'coreHours', used: 0.000277777, allowed: 1234.4, tasks: 1 }),
    'the cap on core-hours: 0.000278 of 1234 used, 1 task beyond it is not run again',
  );
  t.match(
    describeCap({ cap: 'wallTime', used: 604_812, allowed: 604_800, tasks: 1 }),
    /7-00:00:12 of 7-00:00:00/,
  );
  t.equal(parseWallTime('7-00:00:00'), 604_800);
  t.equal(parseWallTime('0:01'), 1);
  t.equal(parseWallTime('UNLIMITED'), null);
  t.throws(() => parseWallTime('0'), /wall time/);
  t.throws(() => parseWallTime('a week'), /time/);
});
