import t from 'tap';
import { Bench } from './harness.js';

t.jobs = 3;

t.test('a job without --array climbs', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ plan: { single: 'oom exit:137 ok' } });
  const { rounds } = await chain.waitForEnd('completed');
  t.strictSame(chain.marks(), ['single 0', 'single 1', 'single 2']);
  t.strictSame(chain.attempts(), { 0: '0 OUT_OF_MEMORY 0:125, 1 FAILED 9:0, 2 COMPLETED 0:0' });
  t.ok(rounds.every(({ jobs }) => jobs.every(({ array }) => array === null)));
  await chain.assertSound(t);
});

t.test('a job without --array that fails by its own fault', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ plan: { single: 'exit:2' } });
  await chain.waitForEnd('failed');
  t.strictSame(chain.attempts(), { 0: '0 FAILED 2:0' });
  await chain.assertSound(t);
});

t.test('--max-level and --start-mem bound the climb', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    plan: { single: 'oom' },
    options: ['--start-mem', '128M', '--max-level', '2'],
  });
  await chain.waitForEnd('exhausted');
  t.strictSame(chain.attempts(), { 0: '1 OUT_OF_MEMORY 0:125, 2 OUT_OF_MEMORY 0:125' });
  await chain.assertSound(t);
});
