import t from 'tap';
import { Scene } from './scene.js';

t.test('a job as it is created and read', async (t) => {
  const scene = await Scene.open(t);
  const upstream = await scene.job('up');
  const file = scene.insert('file', { workflow_id: 1, name: 'f', path: 'f' });
  const data = scene.insert('user_data', { workflow_id: 1, name: 'd' });
  const given = { workflow_id: 1, name: 'a', command: 'true', depends_on_job_ids: [upstream, upstream] };
  const more = { input_file_ids: [file], output_user_data_ids: [data], status: 'completed', attempt_id: 7 };
  const created = await scene.post('/jobs', { ...given, ...more, schedule_compute_nodes: { num_jobs: 1 } });
  const server = {
    id: 2,
    status: 'uninitialized',
    attempt_id: 1,
    resource_requirements_id: 1,
    scheduler_id: null,
  };
  t.same(created.json, { ...given, ...more, ...server });
  t.same((await scene.get('/jobs/2')).json, {
    ...given,
    ...more,
    ...server,
    depends_on_job_ids: [upstream],
    ...{ cancel_on_blocking_job_failure: true, supports_termination: false },
  });
  t.same((await scene.get('/jobs?workflow_id=1&limit=1&offset=1')).json.items, [
    {
      workflow_id: 1,
      name: 'a',
      command: 'true',
      ...server,
      cancel_on_blocking_job_failure: true,
      supports_termination: false,
    },
  ]);
  t.match((await scene.remove('/jobs/2')).json, { id: 2, depends_on_job_ids: [upstream] });
  t.same((await scene.remove('/jobs?workflow_id=1')).json, { count: 1 });
});

t.test('what jobs refer to', async (t) => {
  const scene = await Scene.open(t);
  await scene.post('/workflows', { name: 'other', user: 'u' });
  const foreign = await scene.post('/jobs', { workflow_id: 2, name: 'x', command: 'x' });
  for (const [field, value, wrong] of [
    ['depends_on_job_ids', [99], 99],
    ['depends_on_job_ids', [foreign.json.id], foreign.json.id],
    ['depends_on_job_ids', [2], 2],
    ['depends_on_job_ids', [Number.MAX_SAFE_INTEGER, -1], -1],
    ['input_file_ids', [1], 1],
    ['output_file_ids', [1], 1],
    ['input_user_data_ids', [1], 1],
    ['output_user_data_ids', [1], 1],
    ['resource_requirements_id', 2, 2],
    ['scheduler_id', 5, 5],
    ['failure_handler_id', 5, 5],
  ] as const) {
    const reply = await scene.post('/jobs', { workflow_id: 1, name: 'a', command: 'a', [field]: value });
    t.match(reply, { status: 422, json: { error: { field, value: wrong } } }, `${field} ${value}`);
  }
  t.match((await scene.get('/jobs?workflow_id=1')).json, { total_count: 0 }, 'nothing was created');
});

t.test('many jobs in one request', async (t) => {
  const scene = await Scene.open(t);
  const job = (name: string, more = {}) => ({ workflow_id: 1, name, command: 'x', ...more });
  const created = await scene.post('/bulk_jobs', { jobs: [job('a'), job('b', { depends_on_job_ids: [1] })] });
  t.match(created.json.jobs, [
    { id: 1, name: 'a' },
    { id: 2, name: 'b', depends_on_job_ids: [1] },
  ]);
  t.same((await scene.post('/bulk_jobs', { jobs: [] })).json, { jobs: [] });
  const two = await scene.post('/bulk_jobs', { jobs: [job('c'), { ...job('d'), workflow_id: 2 }] });
  t.match(two, { status: 422, json: { error: { field: 'jobs.1.workflow_id', value: 2 } } });
  const wrong = await scene.post('/bulk_jobs', { jobs: [job('c'), job('d', { scheduler_id: 4 })] });
  t.match(wrong, {
    status: 422,
    json: { error: { field: 'jobs.1.scheduler_id', value: 4, message: /^job d: / } },
  });
  const lacking = await scene.post('/bulk_jobs', { jobs: [{ workflow_id: 1 }] });
  t.match(lacking, { status: 400, json: { error: { field: 'jobs.0.name' } } });
  const tooMany = await scene.post('/bulk_jobs', { jobs: Array.from({ length: 10_001 }, () => job('x')) });
  t.equal(tooMany.status, 400);
  t.match((await scene.get('/workflows/1/job_ids')).json, { job_ids: [1, 2], count: 2 });
  t.equal(
    (await scene.post('/bulk_jobs', { jobs: Array.from({ length: 10_000 }, () => job('x')) })).status,
    200,
  );
});

t.test('which jobs a list has', async (t) => {
  const scene = await Scene.open(t);
  const file = scene.insert('file', { workflow_id: 1, name: 'f', path: 'f' });
  const a = await scene.job('a', { output_file_ids: [file] });
  const b = await scene.job('b', { depends_on_job_ids: [a] });
  await scene.job('c', { input_file_ids: [file] });
  const names = async (query: string) =>
    ((await scene.get(`/jobs?workflow_id=1${query}`)).json.items as { name: string }[])
      .map(({ name }) => name)
      .join('');
  t.equal(await names(`&upstream_job_id=${a}`), 'b');
  await scene.initialize();
  for (const [query, expected] of [
    ['', 'abc'],
    ['&status=ready', 'a'],
    ['&status=blocked', 'bc'],
    [`&needs_file_id=${file}`, 'c'],
    [`&upstream_job_id=${a}`, 'bc'],
    [`&upstream_job_id=${b}`, ''],
    ['&sort_by=name&reverse_sort=true', 'cba'],
    ['&limit=0', ''],
  ] as const) {
    t.equal(await names(query), expected, query);
  }
  const { json } = await scene.get('/jobs?workflow_id=1&include_relationships=true');
  t.match(json.items, [
    { output_file_ids: [file] },
    { depends_on_job_ids: [a] },
    { depends_on_job_ids: [a] },
  ]);
  t.equal((await scene.get('/jobs?workflow_id=1&status=done')).status, 400);
  t.equal((await scene.get('/jobs?workflow_id=1&sort_by=open_dependencies')).status, 400);
});

t.test('what may change of a job, and when', async (t) => {
  const scene = await Scene.open(t);
  const file = scene.insert('file', { workflow_id: 1, name: 'f', path: 'f' });
  const requirements = scene.insert('resource_requirements', {
    ...{ workflow_id: 1, name: 'r', num_cpus: 1, num_gpus: 0, num_nodes: 1 },
    ...{ memory: '1m', runtime: 'PT1M', memory_bytes: 1, runtime_s: 60 },
  });
  const a = await scene.job('a');
  const b = await scene.job('b');
  const path = `/jobs/${b}`;
  const { json: present } = await scene.get(path);
  t.same((await scene.put(path, present)).json, present, 'as it was read');
  const renamed = { ...present, name: 'c', command: 'new', depends_on_job_ids: [a] };
  t.same((await scene.put(path, renamed)).json, renamed);
  t.match(await scene.put(path, { ...renamed, input_file_ids: [file] }), {
    status: 422,
    json: { error: { field: 'input_file_ids' } },
  });
  t.match(await scene.put(path, { ...renamed, depends_on_job_ids: [b] }), { status: 422 });
  t.match(await scene.put(path, { ...renamed, status: 'ready' }), {
    status: 422,
    json: { error: { field: 'status' } },
  });
  t.match(await scene.put(path, { workflow_id: 1, name: 'c' }), {
    status: 400,
    json: { error: { field: 'command' } },
  });
  t.match(await scene.put(path, { ...renamed, scheduler_id: 3 }), { status: 422 });
  await scene.initialize();
  const later = { workflow_id: 1, name: 'c', command: 'new' };
  for (const [change, status] of [
    [{ invocation_script: 'x.sh' }, 200],
    [{ supports_termination: true }, 200],
    [{ cancel_on_blocking_job_failure: false }, 200],
    [{ resource_requirements_id: requirements }, 200],
    [{ failure_handler_id: 99, attempt_id: 5 }, 200],
    [{ name: 'd' }, 422],
    [{ command: 'd' }, 422],
    [{ depends_on_job_ids: [] }, 422],
    [{ status: 'disabled' }, 422],
  ] as const) {
    t.equal((await scene.put(path, { ...later, ...change })).status, status, JSON.stringify(change));
  }
  t.match((await scene.get(path)).json, {
    ...{ name: 'c', invocation_script: 'x.sh', supports_termination: true, attempt_id: 1, status: 'blocked' },
    ...{ cancel_on_blocking_job_failure: false, resource_requirements_id: requirements },
  });
});

t.test('nothing waits for a disabled job, or for one that is gone', async (t) => {
  const scene = await Scene.open(t);
  const a = await scene.job('a');
  const b = await scene.job('b');
  await scene.job('c', { depends_on_job_ids: [a] });
  await scene.job('d', { depends_on_job_ids: [b] });
  await scene.put(`/jobs/${a}`, { workflow_id: 1, name: 'a', command: 'run a', status: 'disabled' });
  await scene.initialize();
  t.equal(await scene.states(), 'a:disabled b:ready c:canceled d:blocked');
  await scene.remove(`/jobs/${b}`);
  t.equal(await scene.states(), 'a:disabled c:canceled d:ready');
  const requirements = { workflow_id: 1, name: 'r', num_cpus: 1, num_gpus: 0, num_nodes: 1 };
  const { json } = await scene.post('/resource_requirements', {
    ...requirements,
    memory: '1m',
    runtime: 'PT1M',
  });
  const e = await scene.job('e', { resource_requirements_id: json.id });
  await scene.job('f', { depends_on_job_ids: [e] });
  await scene.initialize();
  await scene.remove(`/resource_requirements/${json.id}`);
  t.equal(await scene.states(), 'a:disabled c:canceled d:ready f:ready', 'jobs go with what they need');
});
