import { existsSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { t } from 'tap';
import { ServerUnreachableError } from '../../lib/client/client-errors.js';
import { buildServer } from '../../lib/server/app.js';
import { runningServer } from '../client/running-server.js';
import { waitFor } from '../wait-for.js';
import { job, Workbench } from './workbench.js';

t.test('Jobs go on while the server is away, and are reported when it is back', async (t) => {
  const running = await runningServer(t);
  const bench = Workbench.over(t, running);
  const { port } = running.server.app.server.address() as AddressInfo;
  const { context } = running.server;
  const away = bench.path('away');
  const work = (name: string) => {
    const [begun, ended] = ['begun', 'ended'].map((what) => bench.path(`${name}-${what}`));
    return `touch ${begun}; until test -e ${away}; do sleep 0.05; done; touch ${ended}`;
  };
  const both = (what: string) =>
    waitFor(`two jobs have ${what}`, 60, () =>
      ['over-it', 'failing'].every((name) => existsSync(bench.path(`${name}-${what}`))) ? true : undefined,
    );
  const id = await bench.create({
    jobs: [
      job('over-it', work('over-it')),
      job('afterwards', 'true', { depends_on: ['over-it'] }),
      job('failing', `${work('failing')}; exit 2`),
    ],
  });
  const done = bench.run(id, { pingInterval: 0.2 });
  await both('begun');
  await bench.stopServer();
  writeFileSync(away, '');
  await both('ended');
  const again = buildServer(context);
  t.teardown(() => again.close());
  await again.listen({ host: '127.0.0.1', port });
  t.match(await done, { reason: 'complete', completed: 2, failed: 1 });
  t.same(await bench.statuses(id), { 'over-it': 'completed', afterwards: 'completed', failing: 'failed' });
  again.server.closeAllConnections();
});

t.test('A server that stays away ends the runner, and its jobs with it', async (t) => {
  const bench = Workbench.over(t, await runningServer(t));
  const begun = bench.path('begun');
  const id = await bench.create({ jobs: [job('long', `touch ${begun}; sleep 100`)] });
  const done = bench.run(id, { pingInterval: 0.1, serverAwayMinutes: 0.01 });
  done.catch(() => {});
  await waitFor('the job to begin', 60, () => existsSync(begun) || undefined);
  await bench.stopServer();
  await t.rejects(done, ServerUnreachableError);
});
