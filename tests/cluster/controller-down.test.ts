import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { waitFor } from '../wait-for.js';
import { startDaemon, stopDaemon } from './cluster.js';
import { Bench } from './harness.js';

const PLAN = { 0: 'gate+ok', '*': 'gate+exit:137 oom ok' };
const ATTEMPTS = {
  0: '0 COMPLETED 0:0',
  1: '0 FAILED 9:0, 1 OUT_OF_MEMORY 0:125, 2 COMPLETED 0:0',
  2: '0 FAILED 9:0, 1 OUT_OF_MEMORY 0:125, 2 COMPLETED 0:0',
};

t.test('the controller is away while tasks end', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: '0-2', plan: PLAN });
  await chain.untilMarks(3);
  t.teardown(() => startDaemon('slurmctld'));
  await stopDaemon('slurmctld');
  chain.openGate();
  await sleep(20_000);
  await startDaemon('slurmctld');
  await chain.waitForEnd('completed');
  t.strictSame(chain.attempts(), ATTEMPTS);
  await chain.assertSound(t);
});

t.test('the controller goes away while a handler submits the next round', async (t) => {
  const bench = await Bench.open(t);
  const reached = join(bench.folder, 'reached');
  const gone = join(bench.folder, 'gone');
  // The handler's first sbatch of round 2 waits until the controller is gone.
  const env = await bench.wrapper(
    'sbatch',
    `if [[ $* == *:r2:* && ! -e ${gone} ]]; then
  touch ${reached}
  until [ -e ${gone} ]; do sleep 0.1; done
fi
exec "$REAL" "$@"`,
  );
  const chain = await bench.submit({ array: '0-2', plan: PLAN, env });
  chain.openGate();
  await waitFor(
    'the handler at work',
    60,
    () => (existsSync(reached) ? true : undefined),
    () => chain.describe(''),
  );
  t.teardown(() => startDaemon('slurmctld'));
  await stopDaemon('slurmctld');
  writeFileSync(gone, '');
  await sleep(20_000);
  t.equal(chain.checkpoint().state, 'active');
  await startDaemon('slurmctld');
  await chain.waitForEnd('completed');
  t.strictSame(chain.attempts(), ATTEMPTS);
  await chain.assertSound(t);
});
