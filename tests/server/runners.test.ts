import { execFile } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import t from 'tap';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { createJobs } from '../../lib/store/workflows/create-jobs.js';
import { initializeJobs } from '../../lib/store/workflows/initialize.js';
import { createWorkflow } from '../../lib/store/workflows/workflows.js';
import { BASE_PATH } from '../../lib/wire/endpoint.js';
import { addNode } from '../store/workflows/plain-workflow.js';
import { TestServer } from './server.js';

const run = promisify(execFile);
const RUNNER = `${PACKAGE_ROOT}dist/tests/server/claiming-runner.js`;
const RUNNERS = 6;
const WIDTH = 120;

t.test('several runners at once never get one job twice, and get all', async (t) => {
  const server = TestServer.open(t);
  const { db } = server.context;
  const workflow = createWorkflow(db, { name: 'w', user: 'u' }, 0).id as number;
  const add = (stage: string, upstream: number[]) => {
    const job = { workflow_id: workflow, command: 'true', depends_on_job_ids: upstream };
    const jobs = Array.from({ length: WIDTH }, (_, number) => ({ ...job, name: `${stage}${number}` }));
    return createJobs(db, workflow, jobs).map(({ id }) => id as number);
  };
  const first = add('a', []);
  const second = add('b', first.slice(0, WIDTH / 2));
  initializeJobs(db, workflow, { clearEphemeralUserData: false });
  const url = `${await listen(server)}${BASE_PATH}`;
  const outputs = await Promise.all(
    Array.from({ length: RUNNERS }, async (_, number) => {
      const node = addNode(db, workflow);
      const how = number % 2 === 0 ? 'next' : 'resources';
      const { stdout } = await run(process.execPath, [RUNNER, url, String(workflow), String(node), '7', how]);
      return JSON.parse(stdout) as number[];
    }),
  );
  const claimed = outputs.flat().sort((a, b) => a - b);
  t.same(claimed, [...first, ...second]);
  t.same(db.prepare(`SELECT DISTINCT status FROM job`).all(), [{ status: 'completed' }]);
  t.equal(
    (db.prepare('SELECT count(*) AS n FROM result WHERE is_current = 1').get() as { n: number }).n,
    2 * WIDTH,
  );
});

async function listen({ app }: TestServer): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}
