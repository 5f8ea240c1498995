import t from 'tap';
import { expandSpec } from './cluster.js';
import { Bench, LADDER } from './harness.js';

t.jobs = 2;

/** No progressions to speak of: 40 characters hold a part of it. */
const ARRAY =
  '0,1,3,7,12,20,21,33,41,50,52,61,75,77,90,93,99,104,113,118,127,128,140,151,157,160,169,170,183,195,197,206,222,231';
const SPLIT = `${LADDER}max_array_spec_len: 40\n`;

/** The arrays into which the first round is split, from what `--dry-run` prints. */
async function splitOf(bench: Bench): Promise<number[][]> {
  const { stdout } = await bench.trySubmit({ array: ARRAY, ladder: SPLIT, options: ['--dry-run'] });
  return [...stdout.matchAll(/ --array=(\S+)/g)].map(([, spec = '']) => expandSpec(spec));
}

t.test('a round of several jobs under one handler, of which one succeeds whole', async (t) => {
  const bench = await Bench.open(t);
  const [whole = [], ...rest] = await splitOf(bench);
  const failing = rest.flat().sort((a, b) => a - b);
  t.ok(whole.length > 0 && failing.length > 0, 'the first round is split');
  const plan = failing.map((index) => [index, index % 5 === 0 ? 'sleep:3+oom ok' : 'exit:137 ok']);
  const chain = await bench.submit({
    array: ARRAY,
    ladder: SPLIT,
    plan: { ...Object.fromEntries(plan), '*': 'ok' },
  });
  const { rounds } = await chain.waitForEnd('completed');
  t.equal(rounds.length, 2);
  for (const round of rounds) {
    t.ok(round.jobs.length > 1, `round ${round.number} has several jobs`);
    t.ok(round.jobs.every(({ array }) => (array ?? '').length <= 40));
    t.strictSame(
      round.handlers.map(({ trigger }) => trigger),
      ['afterany'],
    );
  }
  t.ok(
    rounds[0]?.jobs.some(({ indices }) => `${expandSpec(indices)}` === `${whole}`),
    'one job succeeds whole',
  );
  t.strictSame(expandSpec(rounds[0]?.result?.buckets.retrying ?? ''), failing);
  t.strictSame(chain.marks(), chain.marksOfAttempts());
  await chain.assertSound(t);
});

t.test('a round of several jobs that all succeed', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: `${ARRAY}%5`, ladder: SPLIT, plan: { '*': 'ok' } });
  const { rounds } = await chain.waitForEnd('completed');
  t.equal(rounds.length, 1);
  t.ok((rounds[0]?.jobs.length ?? 0) > 1);
  t.ok(
    (rounds[0]?.jobs ?? []).reduce((sum, { throttle }) => sum + (throttle ?? 99), 0) <= 5,
    'the throttle is shared',
  );
  await chain.assertSound(t);
});
