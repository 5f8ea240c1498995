import t, { type Test } from 'tap';
import { type RunningServer, runningServer } from '../../client/running-server.js';
import { torc, torcJson } from './torc.js';

/** A workflow with three results: of job 1 an earlier and the current one, and of job 2 one that failed. */
async function withResults(t: Test): Promise<RunningServer> {
  const running = await runningServer(t);
  const { client } = running;
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  for (const name of ['a', 'b'])
    await client.jobs.create({ body: { workflow_id: 1, name, command: 'true' } });
  const node = {
    workflow_id: 1,
    hostname: 'n1',
    pid: 7,
    start_time: '2026-11-21T10:00:00.000Z',
    num_nodes: 1,
  };
  const has = { num_cpus: 4, memory_gb: 8, num_gpus: 0, compute_node_type: 'local' };
  await client.computeNodes.create({ body: { ...node, ...has, is_active: true } });
  const ended = { completion_time: '2026-11-21T10:00:30.000Z', exec_time_minutes: 0.5 };
  const result = { workflow_id: 1, compute_node_id: 1, ...ended };
  for (const [job_id, run_id, return_code] of [
    [1, 1, 1],
    [1, 2, 0],
    [2, 2, 137],
  ] as const) {
    const status = return_code === 0 ? 'completed' : 'failed';
    await client.results.create({ body: { ...result, job_id, run_id, return_code, status } });
  }
  return running;
}

t.test('results that count now, and earlier ones', async (t) => {
  const { url } = await withResults(t);
  const ids = async (...words: string[]) => {
    const { results } = (await torcJson(url, ['results', 'list', '1', ...words])) as {
      results: { id: number }[];
    };
    return results.map(({ id }) => id);
  };
  t.same(await ids(), [2, 3]);
  t.same(await ids('--all-runs'), [1, 2, 3]);
  t.same(await ids('--failed'), [3]);
  t.same(await ids('--failed', '--all-runs', '-l', '1'), [1], 'the limit counts those that failed');
  t.same(await ids('--all-runs', '-j', '1', '-r', '1'), [1]);
  t.same(await ids('--return-code', '137'), [3]);
  t.same(await ids('-s', 'completed'), [2]);
  t.same(await ids('--compute-node', '1', '--reverse-sort'), [3, 2]);
  t.match(await torcJson(url, ['results', 'get', '3']), { id: 3, job_id: 2, return_code: 137 });
  t.match(await torcJson(url, ['results', 'delete', '3']), { id: 3 });
});

t.test('results for people', async (t) => {
  const { client, url } = await withResults(t);
  const used = { peak_memory_bytes: 3 * 2 ** 29, avg_memory_bytes: 1000, peak_cpu_percent: 99.94 };
  await client.results.update({ id: 2, body: { ...(await client.results.get({ id: 2 })), ...used } });
  const { stdout } = await torc(url, ['results', 'list', '1', '-j', '1']);
  const [, , head = '', , row = ''] = stdout.split('\n');
  const cells = (line: string) =>
    line
      .split('│')
      .slice(1, -1)
      .map((cell) => cell.trim());
  t.same(cells(head).slice(4, 8), ['Return Code', 'Exec Time (min)', 'Peak Mem', 'Peak CPU %']);
  t.same(cells(row).slice(4, 8), ['0', '0.50', '1.5 GB', '99.9']);
  const one = await torc(url, ['results', 'get', '2']);
  t.match(one.stdout, /^ {2}Avg Mem: 1000 B$/m);
  const none = await torc(url, ['results', 'list', '1', '-j', '9']);
  t.match(none, { code: 0, stdout: 'No results found for workflow ID: 1\n' });
});
