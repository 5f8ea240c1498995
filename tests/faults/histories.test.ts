import t from 'tap';
import { describe } from './replay.js';
import { runHistories, seeds } from './workers.js';

t.setTimeout(300_000);

/** These are run every time; as many more as these follow from AFTEROK_FAULT_SEED where it is set. */
const FIXED = { first: 1, count: 600 };

t.test('no fault breaks a promise', async (t) => {
  const { AFTEROK_FAULT_SEED: fresh } = process.env;
  const runs = [['fixed seeds', FIXED.first] as const];
  for (const [name, first] of fresh === undefined
    ? runs
    : [...runs, ['fresh seeds', Number(fresh)] as const]) {
    const { count } = FIXED;
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
