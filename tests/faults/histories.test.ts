import t from 'tap';
import { describe } from './replay.js';
import { runHistories, seeds } from './workers.js';

t.setTimeout(300_000);

/** These are run every time; as many more follow from AFTEROK_FAULT_SEED or the date. */
const FIXED = { first: 1, count: 400 };
const FRESH = 200;

t.test('no fault breaks a promise', async (t) => {
  const fresh = Number(
    process.env.AFTEROK_FAULT_SEED ?? new Date().toISOString().slice(0, 10).replaceAll('-', ''),
  );
  for (const [name, first, count] of [
    ['fixed seeds', FIXED.first, FIXED.count],
    ['fresh seeds', fresh * 1000, FRESH],
  ] as const) {
    t.comment(`${name}: ${first} to ${first + count - 1}`);
    const { histories, broken, summary } = await runHistories(seeds(first, count));
    t.comment(JSON.stringify(summary));
    t.equal(histories, count, `${name}: all were run`);
    for (const verdict of broken) t.comment(describe(verdict));
    t.same(
      broken.map(({ seed }) => seed),
      [],
      `${name}: none broke a promise`,
    );
  }
});
