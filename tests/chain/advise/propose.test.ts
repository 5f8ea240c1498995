import fc from 'fast-check';
import t from 'tap';
import { candidates } from '../../../lib/chain/advise/candidates.js';
import { withHeadroom } from '../../../lib/chain/advise/headroom.js';
import { percentiles } from '../../../lib/chain/advise/percentiles.js';
import { DEFAULT_PRICES, ladderPrice } from '../../../lib/chain/advise/price.js';
import { cheapestLadder, type Search } from '../../../lib/chain/advise/propose.js';
import { sensibleMemory, sensibleTime } from '../../../lib/chain/advise/sizes.js';
import type { Rung } from '../../../lib/chain/advise/trial.js';
import { anyNeeds, need } from './plain-need.js';

fc.configureGlobal({ seed: 20251224 });

const GIGABYTE = 2 ** 30;
const MEGABYTE = 2 ** 20;

/** Every ladder of at most so many rungs that the search allows, by trying them all. */
function* everyLadder(search: Search, below: readonly Rung[] = []): Generator<Rung[]> {
  const last = below.at(-1);
  const isHighest = last !== undefined && last.mem >= search.top.mem && last.time >= search.top.time;
  if (isHighest) yield [...below];
  if (below.length === search.levels) return;
  for (const mem of search.mems) {
    for (const time of search.times) {
      const grows =
        last === undefined || (mem >= last.mem && time >= last.time && mem + time > last.mem + last.time);
      if (grows && search.admits({ mem, time })) yield* everyLadder(search, [...below, { mem, time }]);
    }
  }
}

const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 });

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

const anySearch = fc
  .record({
    mems: sizes.map((values) => ascending(values).map((value) => value * GIGABYTE)),
    times: sizes.map(ascending),
    levels: fc.integer({ min: 1, max: 3 }),
    lowest: fc.nat(12),
    reserved: fc.constantFrom(0, 0.05, 1),
    gbPerCore: fc.constantFrom(1, 4),
  })
  .map(
    ({ mems, times, levels, lowest, reserved, gbPerCore }): Search => ({
      mems,
      times,
      levels,
      top: { mem: mems.at(-1) ?? 0, time: times.at(-1) ?? 0 },
      prices: { reserved, gbPerCore },
      // A cluster that has no room for much memory for a short time.
      admits: (rung) => rung === undefined || rung.mem / GIGABYTE - rung.time < lowest,
    }),
  );

const inGigabytes = anyNeeds({ known: false, largest: 11, most: 10 }).map((needs) =>
  needs.map((one) => ({
    ...one,
    memory: { ...one.memory, atLeast: one.memory.atLeast * GIGABYTE },
    outOfMemory: one.outOfMemory.map(({ mem, after }) => ({ mem: mem * GIGABYTE, after })),
  })),
);

t.test('no ladder of these sizes is cheaper', async () => {
  fc.assert(
    fc.property(inGigabytes, anySearch, (needs, search) => {
      const found = cheapestLadder(needs, search);
      const prices = [...everyLadder(search)].map((rungs) => ladderPrice(needs, rungs, search.prices));
      if (found === null) return prices.length === 0;
      const least = Math.min(...prices);
      const price = ladderPrice(needs, found, search.prices);
      return found.length <= search.levels && Math.abs(price - least) <= 1e-6 * Math.max(1, least);
    }),
    { numRuns: 300 },
  );
});

t.test('few large tasks are worth a level of their own', async (t) => {
  const needs = Array.from({ length: 100 }, (_, index) =>
    need(index, { memory: { atLeast: (index < 95 ? 1 : 16) * GIGABYTE, known: true } }),
  );
  const search = {
    mems: [GIGABYTE, 16 * GIGABYTE],
    times: [120],
    top: { mem: 16 * GIGABYTE, time: 120 },
    admits: () => true,
    prices: DEFAULT_PRICES,
  };
  const rungs = (levels: number) => cheapestLadder(needs, { ...search, levels });
  t.same(rungs(1), [{ mem: 16 * GIGABYTE, time: 120 }]);
  t.same(rungs(4), [
    { mem: GIGABYTE, time: 120 },
    { mem: 16 * GIGABYTE, time: 120 },
  ]);
  t.equal(cheapestLadder(needs, { ...search, levels: 4, admits: () => false }), null);
});

t.test('candidates are needs with headroom, and the present sizes', async (t) => {
  const needs = [
    need(0, { memory: { atLeast: 300 * MEGABYTE, known: true }, time: { atLeast: 100, known: true } }),
    need(1, { memory: { atLeast: 2 * GIGABYTE, known: true }, measured: false }),
    need(2, { memory: { atLeast: 64 * GIGABYTE, known: false } }),
    need(3, { memory: { atLeast: 32 * GIGABYTE, known: true }, succeeds: false }),
  ];
  const present = [
    { mem: GIGABYTE, time: 60 },
    { mem: 8 * GIGABYTE, time: Number.POSITIVE_INFINITY },
  ];
  t.same(candidates(withHeadroom(needs, present, 0.1), present), {
    mems: [384 * MEGABYTE, GIGABYTE, 2 * GIGABYTE, 8 * GIGABYTE],
    times: [60, 120],
    top: { mem: 2 * GIGABYTE, time: 120 },
  });
  t.equal(candidates([need(0, { succeeds: false })], present), null);
});

t.test('a present level that sufficed is high enough without headroom', async (t) => {
  const needs = [need(0, { memory: { atLeast: 4 * GIGABYTE, known: true } })];
  const present = [{ mem: 4 * GIGABYTE, time: 60 }];
  const planned = withHeadroom(needs, present, 0.5);
  t.match(planned, [{ memory: { atLeast: 4 * GIGABYTE }, time: { atLeast: 60 } }]);
  t.match(candidates(planned, present), { top: { mem: 4 * GIGABYTE, time: 60 } });
});

t.test('headroom is for what was measured', async (t) => {
  const needs = [
    need(0, { time: { atLeast: 100, known: false } }),
    need(1, { measured: false, time: { atLeast: 100, known: true } }),
  ];
  t.match(withHeadroom(needs, [], 0.5), [
    { memory: { atLeast: 1.5 * GIGABYTE, known: true }, time: { atLeast: 100, known: false } },
    { memory: { atLeast: GIGABYTE, known: true }, time: { atLeast: 150, known: true } },
  ]);
});

t.test('many needs give few candidates, the largest among them', async (t) => {
  const needs = Array.from({ length: 1000 }, (_, index) =>
    need(index, { memory: { atLeast: (index + 1) * GIGABYTE, known: true } }),
  );
  const found = candidates(needs, []);
  t.ok((found?.mems.length ?? 99) <= 24);
  t.equal(found?.mems.at(-1), found?.top.mem);
  t.ok((found?.top.mem ?? 0) >= 1000 * GIGABYTE);
});

t.test('sizes are ones that a person would write', async (t) => {
  const memory = [
    1,
    128 * MEGABYTE,
    129 * MEGABYTE,
    1.1 * GIGABYTE,
    5 * GIGABYTE,
    17 * GIGABYTE,
    300 * GIGABYTE,
  ];
  t.same(
    memory.map((bytes) => sensibleMemory(bytes) / MEGABYTE),
    [128, 128, 256, 1536, 5120, 20_480, 327_680],
  );
  t.same(
    [0, 60, 61, 700, 4000, 30_000, 100_000, 700_000].map(sensibleTime),
    [60, 60, 120, 900, 5400, 32_400, 108_000, 777_600],
  );
});

t.test('percentiles are values that were observed', async (t) => {
  t.equal(percentiles([]), null);
  t.same(percentiles([7]), { p50: 7, p90: 7, p95: 7, p99: 7, p100: 7 });
  t.same(percentiles(Array.from({ length: 200 }, (_, index) => 200 - index)), {
    p50: 100,
    p90: 180,
    p95: 190,
    p99: 198,
    p100: 200,
  });
});
