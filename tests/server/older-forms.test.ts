import t, { type Test } from 'tap';
import { BASE_PATH } from '../../lib/wire/endpoint.js';
import { TestServer } from './server.js';

const NOW = Date.parse('2026-11-21T10:00:00.000Z');
const NODE = { workflow_id: 1, hostname: 'n1', num_cpus: 4, num_gpus: 0 };

async function open(t: Test): Promise<TestServer> {
  const server = TestServer.open(t, { now: () => NOW });
  await server.ask('POST', '/workflows', { name: 'w', user: 'alice' });
  await server.ask('POST', '/jobs', { workflow_id: 1, name: 'a', command: 'true' });
  return server;
}

t.test('lists have their items under their own names, for whoever accepts anything', async (t) => {
  const { app } = await open(t);
  const list = async (path: string, accept = '*/*') => {
    const { payload } = await app.inject({ method: 'GET', url: BASE_PATH + path, headers: { accept } });
    return JSON.parse(payload) as Record<string, unknown>;
  };
  const lists = ['jobs', 'files', 'user_data', 'resource_requirements', 'results', 'events', 'compute_nodes'];
  for (const name of lists) {
    const both = await list(`/${name}?workflow_id=1`);
    t.same(both[name], both.items, name);
    const { items, ...envelope } = await list(`/${name}?workflow_id=1`, 'application/json');
    t.same(both, { ...envelope, items, [name]: items }, `the rest of ${name}`);
    t.notOk(name in envelope, `${name} for clients`);
  }
  t.match(await list('/workflows'), { items: [{ id: 1 }], workflows: [{ id: 1 }], total_count: 1 });
  t.notOk('job_dependencies' in (await list('/workflows/1/job_dependencies')), 'what never had another name');
});

t.test('compute nodes with memory as text', async (t) => {
  const server = await open(t);
  const made = await server.ask('POST', '/compute_nodes', { ...NODE, memory: '512m', pid: 7 });
  const start_time = '2026-11-21T10:00:00.000Z';
  t.match(made.json, { memory_gb: 0.5, pid: 7, num_nodes: 1, compute_node_type: 'local', start_time });
  const wrong = await server.ask('POST', '/compute_nodes', { ...NODE, memory: '2 GB' });
  t.match(wrong, { status: 422, json: { error: { field: 'memory', value: '2 GB' } } });
  for (const memory of [5, null, ['1g'], {}]) {
    const { status } = await server.ask('POST', '/compute_nodes', { ...NODE, memory });
    t.equal(status, 400, `memory ${JSON.stringify(memory)}`);
  }
});

t.test('results with an exit code', async (t) => {
  const server = await open(t);
  const body = { workflow_id: 1, job_id: 1, exit_code: 3, stdout: 'out', stderr: '' };
  const early = await server.ask('POST', '/results', body);
  t.match(early, { status: 400, text: /compute_node_id/ }, 'nothing has run it');
  await server.ask('POST', '/compute_nodes', { ...NODE, memory: '1g' });
  const made = await server.ask('POST', '/results', body);
  t.match(made.json, {
    compute_node_id: 1,
    run_id: 0,
    return_code: 3,
    status: 'failed',
    exec_time_minutes: 0,
  });
  t.match(made.headers.warning, /stdout.*stderr/);
  for (const workflow_id of ['1', null, {}, 1.5]) {
    const { status } = await server.ask('POST', '/results', { ...body, workflow_id });
    t.equal(status, 400, `workflow ${JSON.stringify(workflow_id)}`);
  }
  t.equal((await server.ask('POST', '/results', { ...body, exit_code: 'x' })).status, 400);
  t.equal((await server.ask('POST', '/results', [])).status, 400);
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
