import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { startDaemon, stopDaemon } from './cluster.js';
import { Bench } from './harness.js';

t.test('accounting is away while rounds end', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-5',
    plan: {
      '*': 'gate+ok',
      1: 'gate+exit:137 ok',
      2: 'gate+oom exit:137 ok',
      3: 'gate+exit:1',
      4: 'gate+exit:255',
    },
  });
  const small = await bench.submit({ array: '0', plan: { 0: 'gate+ok' } });
  await chain.untilMarks(6);
  await small.untilMarks(1);
  t.teardown(() => startDaemon('slurmdbd'));
  await stopDaemon('slurmdbd');
  chain.openGate();
  small.openGate();
  await sleep(20_000);
  t.not(chain.checkpoint().state, 'completed');
  await startDaemon('slurmdbd');
  await Promise.all([chain.waitForEnd('failed'), small.waitForEnd('completed')]);
  t.strictSame(chain.attempts(), {
    0: '0 COMPLETED 0:0',
    1: '0 FAILED 9:0, 1 COMPLETED 0:0',
    2: '0 OUT_OF_MEMORY 0:125, 1 FAILED 9:0, 2 COMPLETED 0:0',
    3: '0 FAILED 1:0',
    4: '0 FAILED 127:0',
    5: '0 COMPLETED 0:0',
  });
  await chain.assertSound(t, true);
  await small.assertSound(t, true);
});
