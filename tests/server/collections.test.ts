import t, { type Test } from 'tap';
import { insertJob, insertWorkflow } from './rows.js';
import { TestServer } from './server.js';

const NODE = {
  ...{
    workflow_id: 1,
    hostname: 'n1',
    pid: 7,
    start_time: '2026-11-21T10:00:00Z',
    num_cpus: 4,
    memory_gb: 8.5,
  },
  ...{ num_gpus: 0, num_nodes: 1, compute_node_type: 'local' },
};
const RESULT = {
  ...{ job_id: 1, workflow_id: 1, run_id: 1, compute_node_id: 1, return_code: 0, exec_time_minutes: 0.5 },
  ...{ completion_time: '2026-11-21T10:00:00.000Z', status: 'completed' },
};

/** One model of each collection, and what a change of it makes. */
const COLLECTIONS: [path: string, model: Record<string, unknown>, change: Record<string, unknown>][] = [
  ['/files', { workflow_id: 1, name: 'f', path: 'p' }, { path: 'q' }],
  ['/user_data', { workflow_id: 1, name: 'd', data: { a: [1, null] } }, { data: false }],
  [
    '/resource_requirements',
    { workflow_id: 1, name: 'big', num_cpus: 2, num_gpus: 1, num_nodes: 1, memory: '2g', runtime: 'PT1H' },
    { memory: '3g' },
  ],
  ['/results', RESULT, { return_code: 2, status: 'failed' }],
  ['/events', { workflow_id: 1, timestamp: 0, data: { category: 'mine' } }, {}],
  ['/compute_nodes', { ...NODE, scheduler: { scheduler_id: 5 } }, { is_active: true, duration_seconds: 1.5 }],
  [
    '/scheduled_compute_nodes',
    { workflow_id: 1, scheduler_id: 77, scheduler_config_id: 1, scheduler_type: 'slurm', status: 'pending' },
    { status: 'active' },
  ],
  [
    '/slurm_schedulers',
    { workflow_id: 1, name: 's', account: 'a', nodes: 2, walltime: '1:00:00' },
    { walltime: '2:00:00' },
  ],
  ['/local_schedulers', { workflow_id: 1, name: 'l', memory: '4g', num_cpus: 2 }, { num_cpus: 3 }],
];

/** A workflow with a job and a compute node, each with the id 1. */
async function open(t: Test): Promise<TestServer> {
  const server = TestServer.open(t, { now: () => 1000 });
  insertJob(server.context.db, insertWorkflow(server.context.db));
  await server.ask('POST', '/compute_nodes', NODE);
  return server;
}

for (const [path, model, change] of COLLECTIONS) {
  t.test(`${path} from creation to deletion`, async (t) => {
    const server = await open(t);
    const created = await server.ask('POST', path, { ...model, id: 99, nonsense: 1 });
    t.equal(created.status, 200);
    t.match(created.headers.warning, /nonsense/);
    const { id } = created.json as { id: number };
    t.not(id, 99, 'ids are the server’s');
    const defaults = (await server.ask('GET', `${path}/${id}`)).json;
    t.same(defaults, created.json, 'what is read is what creating said');
    t.match(defaults, path === '/events' ? { ...model, timestamp: 1000 } : model);

    if (path !== '/events') {
      const changed = await server.ask('PUT', `${path}/${id}`, { ...model, ...change });
      t.same([changed.status, changed.json], [200, { ...defaults, ...change }]);
      const moved = await server.ask('PUT', `${path}/${id}`, { ...model, workflow_id: 2 });
      t.match(moved, { status: 422, json: { error: { field: 'workflow_id', value: 2 } } });
    }
    const listed = (await server.ask('GET', `${path}?workflow_id=1&sort_by=workflow_id&reverse_sort=true`))
      .json;
    t.match(listed.items, [{ id }], 'the newest comes first');
    const last = (await server.ask('GET', `${path}?workflow_id=1&offset=${listed.total_count}`)).json;
    t.match(last, { items: [], count: 0, has_more: false, max_limit: 10_000 });
    t.match(await server.ask('GET', `${path}?workflow_id=1&sort_by=id;--`), { status: 400 });
    t.match(await server.ask('GET', `${path}?workflow_id=7`), { status: 404 });
    t.match(await server.ask('POST', path, { ...model, workflow_id: 7 }), { status: 404 });

    const deleted = await server.ask('DELETE', `${path}/${id}`, {});
    t.same(deleted.json, { ...defaults, ...change });
    for (const method of ['GET', 'DELETE'] as const) {
      t.match(await server.ask(method, `${path}/${id}`), {
        status: 404,
        json: { error: { message: /not found/ } },
      });
    }
    await server.ask('POST', path, model);
    const all = (await server.ask('DELETE', `${path}?workflow_id=1`)).json as Record<string, number>;
    t.ok((all.count ?? all.deleted_count ?? 0) >= 1);
    t.match((await server.ask('GET', `${path}?workflow_id=1`)).json, { total_count: 0 });
  });
}

t.test('filters', async (t) => {
  const server = await open(t);
  const { db } = server.context;
  insertJob(db, 1, 'other');
  for (const [path, model] of COLLECTIONS) await server.ask('POST', path, model);
  await server.ask('POST', '/user_data?producer_job_id=1&consumer_job_id=2', {
    ...{ workflow_id: 1, name: '100%_x', is_ephemeral: true },
  });
  await server.ask('POST', '/results', { ...RESULT, run_id: 2, return_code: 1, status: 'failed' });
  db.prepare('INSERT INTO job_output_file (job_id, file_id, workflow_id) VALUES (1, 1, 1)').run();
  for (const [path, query, count] of [
    ['/files', 'is_output=true', 1],
    ['/files', 'is_output=false', 1],
    ['/files', 'produced_by_job_id=2', 0],
    ['/user_data', 'name=%25_', 1],
    ['/user_data', 'name=d', 1],
    ['/user_data', 'consumer_job_id=2', 1],
    ['/user_data', 'consumer_job_id=1', 0],
    ['/user_data', 'producer_job_id=1', 1],
    ['/user_data', 'is_ephemeral=true', 1],
    ['/resource_requirements', 'memory=2048m', 1],
    ['/resource_requirements', 'runtime=3600', 1],
    ['/resource_requirements', 'job_id=1', 1],
    ['/resource_requirements', 'num_gpus=1&name=big', 1],
    ['/results', '', 1],
    ['/results', 'all_runs=true', 2],
    ['/results', 'run_id=1&all_runs=true', 1],
    ['/results', 'status=failed', 1],
    ['/results', 'status=completed', 0],
    ['/events', 'category=mine', 1],
    ['/events', 'category=yours', 0],
    ['/events', 'after_timestamp=999', 1],
    ['/events', 'after_timestamp=1000', 0],
    ['/compute_nodes', 'scheduled_compute_node_id=5', 1],
    ['/compute_nodes', 'is_active=false', 2],
    ['/compute_nodes', 'hostname=n2', 0],
    ['/scheduled_compute_nodes', 'scheduler_id=77&status=pending', 1],
    ['/slurm_schedulers', 'account=b', 0],
    ['/local_schedulers', 'num_cpus=2', 1],
  ] as const) {
    const { json } = await server.ask('GET', `${path}?workflow_id=1&${query}`);
    t.same([json.count, json.total_count], [count, count], `${path}?${query}`);
  }
});

t.test('what is refused, with its field and value', async (t) => {
  const server = await open(t);
  const requirements = COLLECTIONS[2]?.[1] ?? {};
  await server.ask('POST', '/resource_requirements', requirements);
  await server.ask('POST', '/results', RESULT);
  for (const [method, path, body, status, error] of [
    ['POST', '/resource_requirements', requirements, 409, { field: 'name', value: 'big' }],
    ['POST', '/resource_requirements', { ...requirements, name: 'default' }, 422, { field: 'name' }],
    [
      'POST',
      '/resource_requirements',
      { ...requirements, memory: '1.5g' },
      422,
      { field: 'memory', value: '1.5g' },
    ],
    [
      'PUT',
      '/resource_requirements/2',
      { ...requirements, runtime: '1h' },
      422,
      { field: 'runtime', value: '1h' },
    ],
    ['PUT', '/resource_requirements/2', { ...requirements, num_cpus: -1 }, 422, { message: /num_cpus >= 0/ }],
    ['POST', '/results', RESULT, 409, { field: 'attempt_id' }],
    ['POST', '/results', { ...RESULT, job_id: 5 }, 422, { field: 'job_id', value: 5 }],
    ['POST', '/results', { ...RESULT, compute_node_id: 5 }, 422, { field: 'compute_node_id', value: 5 }],
    ['POST', '/results', { ...RESULT, status: 'done' }, 400, { field: 'status', value: 'done' }],
    ['POST', '/results', { ...RESULT, run_id: 1e300 }, 400, { field: 'run_id' }],
    [
      'POST',
      '/user_data?consumer_job_id=9',
      { workflow_id: 1, name: 'x' },
      422,
      { field: 'consumer_job_id', value: 9 },
    ],
    ['POST', '/compute_nodes', { ...NODE, time_limit: '1h' }, 422, { field: 'time_limit', value: '1h' }],
    [
      'POST',
      '/slurm_schedulers',
      { workflow_id: 1, account: 'a', nodes: 1, walltime: '1' },
      422,
      { field: 'name' },
    ],
    ['POST', '/local_schedulers', { workflow_id: 1, num_cpus: 1 }, 422, { field: 'memory' }],
    ['PUT', '/events/1', null, 404, {}],
    ['GET', '/results?workflow_id=1&all_runs=1', undefined, 400, { field: 'all_runs', value: '1' }],
    ['GET', '/results?workflow_id=1e1', undefined, 400, { field: 'workflow_id', value: '1e1' }],
    ['GET', '/resource_requirements?workflow_id=1&memory=much', undefined, 422, { field: 'memory' }],
  ] as const) {
    t.match(await server.ask(method, path, body), { status, json: { error } }, `${method} ${path} ${status}`);
  }
});

t.test("an event's data are the body of its change", async (t) => {
  const server = await open(t);
  await server.ask('POST', '/events', { workflow_id: 1, timestamp: 5, data: {} });
  for (const data of [{ workflow_id: 7 }, [1], 'text', 0, false]) {
    t.same((await server.ask('PUT', '/events/1', data)).json, {
      id: 1,
      workflow_id: 1,
      timestamp: 1000,
      data,
    });
  }
  t.match(await server.ask('PUT', '/events/1', null), { status: 422 });
});

t.test('a change of requirements leaves an event', async (t) => {
  const server = await open(t);
  const { json } = await server.ask('GET', '/resource_requirements/1');
  await server.ask('PUT', '/resource_requirements/1', { ...json, memory: '1g' });
  t.match((await server.ask('GET', '/events?workflow_id=1&category=user_action')).json.items, [
    { data: { action: 'update_resource_requirements', resource_requirements_id: 1, memory: '1g' } },
  ]);
});

t.test('compute nodes and allocations are announced', async (t) => {
  const server = TestServer.open(t, { now: () => 1000 });
  insertWorkflow(server.context.db);
  const seen: unknown[] = [];
  server.context.events.subscribe(1, ({ event_type: type, data }) => seen.push({ type, data }));
  await server.ask('POST', '/compute_nodes', NODE);
  await server.ask('PUT', '/compute_nodes/1', { ...NODE, is_active: false, duration_seconds: 2 });
  await server.ask('POST', '/scheduled_compute_nodes', COLLECTIONS[6]?.[1]);
  const node = { compute_node_id: 1, hostname: 'n1', pid: 7, compute_node_type: 'local' };
  t.match(seen, [
    { type: 'compute_node_started', data: { ...node, num_cpus: 4, memory_gb: 8.5, num_gpus: 0 } },
    { type: 'compute_node_stopped', data: { ...node, duration_seconds: 2 } },
    {
      type: 'scheduler_node_created',
      data: {
        category: 'scheduler_node_created',
        scheduled_compute_node_id: 1,
        scheduler_id: 77,
        status: 'pending',
      },
    },
  ]);
});

t.test('failure handlers', async (t) => {
  const server = await open(t);
  const handler = { workflow_id: 1, name: 'h', rules: '[{"exit_codes":[1],"max_retries":2}]' };
  t.same((await server.ask('POST', '/failure_handlers', handler)).json, { id: 1, ...handler });
  t.match(await server.ask('POST', '/failure_handlers', handler), { status: 409 });
  for (const rules of ['{}', '[1]', 'no']) {
    const refused = await server.ask('POST', '/failure_handlers', { ...handler, name: 'x', rules });
    t.match(refused, { status: 422, json: { error: { field: 'rules', value: rules } } });
  }
  t.match((await server.ask('GET', '/workflows/1/failure_handlers')).json, {
    items: [handler],
    total_count: 1,
  });
  t.match(await server.ask('DELETE', '/failure_handlers/1'), { status: 200, json: { message: /h/ } });
  t.match(await server.ask('GET', '/failure_handlers/1'), { status: 404 });
});

t.test('remote workers', async (t) => {
  const server = await open(t);
  const added = await server.ask('POST', '/workflows/1/remote_workers', ['b', 'me@a.b:22', 'b']);
  t.equal(added.status, 201);
  t.equal((added.json as unknown as unknown[]).length, 3, 'each that was asked for');
  t.match(await server.ask('POST', '/workflows/1/remote_workers', ['-oProxyCommand=x']), { status: 422 });
  t.same((await server.ask('GET', '/workflows/1/remote_workers')).json, [
    { worker: 'b', workflow_id: 1 },
    { worker: 'me@a.b:22', workflow_id: 1 },
  ]);
  const path = `/workflows/1/remote_workers/${encodeURIComponent('me@a.b:22')}`;
  t.match(await server.ask('DELETE', path), { status: 200, json: { worker: 'me@a.b:22' } });
  t.match(await server.ask('DELETE', path), { status: 404 });
});
