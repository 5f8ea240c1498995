import t from 'tap';
import { TestServer } from './server.js';

const MACHINE = { num_cpus: 4, memory_gb: 8, num_gpus: 0, num_nodes: 1, time_limit: 'PT1H' };

t.test('claims with the limit and the resources where older clients put them', async (t) => {
  const server = TestServer.open(t);
  await server.ask('POST', '/workflows', { name: 'w', user: 'u' });
  const jobs = Array.from({ length: 13 }, (_, number) => ({
    workflow_id: 1,
    name: `j${number}`,
    command: 'true',
  }));
  await server.ask('POST', '/bulk_jobs', { jobs });
  await server.ask('POST', '/workflows/1/initialize_jobs');
  const path = '/workflows/1/claim_jobs_based_on_resources';
  const claimed = async (method: 'GET' | 'POST', query: string, body?: unknown) => {
    const { status, json } = await server.ask(method, path + query, body);
    return [status, (json.jobs as { name: string }[] | undefined)?.length];
  };
  t.same(await claimed('POST', '?limit=1', MACHINE), [200, 1]);
  t.same(await claimed('GET', '?limit=2&num_cpus=4&memory_gb=8.5&num_gpus=0&num_nodes=1'), [200, 2]);
  t.same(
    await claimed('POST', '?sort_method=none&strict_scheduler_match=true', MACHINE),
    [200, 4],
    'as many as fit',
  );
  t.same(await claimed('GET', '?limit=2'), [400, undefined]);
  t.same(await claimed('POST', '?limit=x', MACHINE), [400, undefined]);
  t.same(await claimed('POST', ''), [400, undefined]);
  t.match(await server.ask('POST', path, { ...MACHINE, time_limit: '1h' }), {
    ...{ status: 422, json: { error: { field: 'time_limit', value: '1h' } } },
  });
});

t.test('who accepts anything gets lists under their own names as well', async (t) => {
  const server = TestServer.open(t);
  await server.ask('POST', '/workflows', { name: 'w', user: 'u' });
  await server.ask('POST', '/files', { workflow_id: 1, name: 'f', path: 'p' });
  const plain = (await server.ask('GET', '/files?workflow_id=1')).json;
  const both = (await server.ask('GET', '/files?workflow_id=1', undefined, { accept: '*/*' })).json;
  t.same(both, { ...plain, files: plain.items });
});

t.test('compute nodes with memory as text, results with an exit code', async (t) => {
  const server = TestServer.open(t);
  await server.ask('POST', '/workflows', { name: 'w', user: 'u' });
  await server.ask('POST', '/jobs', { workflow_id: 1, name: 'j', command: 'true' });
  const node = { workflow_id: 1, hostname: 'n', num_cpus: 4, memory: '256g', num_gpus: 0 };
  t.match(await server.ask('POST', '/compute_nodes', node), {
    status: 200,
    json: { memory_gb: 256, num_nodes: 1 },
  });
  t.match(await server.ask('POST', '/compute_nodes', { ...node, memory: 'much' }), {
    ...{ status: 422, json: { error: { field: 'memory', value: 'much' } } },
  });
  const result = { workflow_id: 1, job_id: 1, exit_code: 3, stdout: 'x' };
  t.match(await server.ask('POST', '/results', result), {
    ...{ status: 200, json: { return_code: 3, status: 'failed', compute_node_id: 1 } },
  });
  t.match(await server.ask('POST', '/results', { ...result, job_id: 9 }), { status: 422 });
});
