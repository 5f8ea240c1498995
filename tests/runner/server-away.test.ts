import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from 'tap';
import { ServerUnreachableError } from '../../lib/client/client-errors.js';
import { buildServer } from '../../lib/server/app.js';
import { runningServer } from '../client/running-server.js';
import { job, Workbench } from './workbench.js';

t.test('Jobs go on while the server is away, and are reported when it is back', async (t) => {
  const running = await runningServer(t);
  const bench = Workbench.over(t, running);
  const { port } = running.server.app.server.address() as AddressInfo;
  const { context } = running.server;
  const id = await bench.create({
    jobs: [
      job('over-it', 'sleep 0.6'),
      job('afterwards', 'true', { depends_on: ['over-it'] }),
      job('failing', 'sleep 0.5; exit 2'),
    ],
  });
  const done = bench.run(id, { pingInterval: 0.2 });
  await sleep(400);
  await bench.stopServer();
  await sleep(800);
  const again = buildServer(context);
  t.teardown(() => again.close());
  await again.listen({ host: '127.0.0.1', port });
  t.match(await done, { reason: 'complete', completed: 2, failed: 1 });
  t.same(await bench.statuses(id), { 'over-it': 'completed', afterwards: 'completed', failing: 'failed' });
  again.server.closeAllConnections();
});

t.test('A server that stays away ends the runner, and its jobs with it', async (t) => {
  const bench = Workbench.over(t, await runningServer(t));
  const id = await bench.create({ jobs: [job('long', 'sleep 100')] });
  const done = bench.run(id, { pingInterval: 0.1, serverAwayMinutes: 0.01 });
  done.catch(() => {});
  await sleep(500);
  await bench.stopServer();
  await t.rejects(done, ServerUnreachableError);
});
