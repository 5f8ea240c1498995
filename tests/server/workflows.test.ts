import t from 'tap';
import { Scene } from './scene.js';

const DEFAULTS = {
  compute_node_expiration_buffer_seconds: 60,
  compute_node_wait_for_new_jobs_seconds: 90,
  compute_node_ignore_workflow_completion: false,
  compute_node_wait_for_healthy_database_minutes: 20,
  compute_node_min_time_for_new_jobs_seconds: 300,
  jobs_sort_method: 'gpus_runtime_memory',
};

t.test('a workflow from its creation to its end', async (t) => {
  const scene = await Scene.open(t);
  const given = { name: 'x', user: 'me', description: 'A Sweep' };
  const created = await scene.post('/workflows', { ...given, timestamp: 'mine', jobs_sort_method: null });
  const known = { ...given, id: 2, status_id: 2, timestamp: '2026-11-18T05:46:40.000Z' };
  t.same([created.status, created.json], [200, { ...known, timestamp: created.json.timestamp }]);
  t.match(created.json.timestamp, /^2026-.*\.000Z$/);
  const whole = { ...known, ...DEFAULTS, timestamp: created.json.timestamp };
  t.same((await scene.get('/workflows/2')).json, whole);
  const requirements = scene.server.context.db.prepare(
    'SELECT * FROM resource_requirements WHERE workflow_id = 2',
  );
  t.match(requirements.all(), [{ name: 'default', num_cpus: 1, num_gpus: 0, num_nodes: 1, memory: '1m' }]);
  const changed = { name: 'y', user: 'me', use_pending_failed: true, slurm_defaults: '{}' };
  const settings = {
    compute_node_min_time_for_new_jobs_seconds: 5,
    resource_monitor_config: '{"enabled":true}',
  };
  t.same((await scene.put('/workflows/2', { ...changed, ...settings })).json, {
    ...whole,
    ...changed,
    ...settings,
  });
  t.same((await scene.remove('/workflows/2')).json, { ...whole, ...changed, ...settings });
  t.equal((await scene.get('/workflows/2')).status, 404);
});

t.test('which workflows a list has', async (t) => {
  const scene = await Scene.open(t);
  await scene.post('/workflows', { name: 'b', user: 'me', description: '100% of a Sweep' });
  await scene.post('/workflows', { name: 'c', user: 'me', use_pending_failed: true });
  await scene.put('/workflows/3/status', { run_id: 1, is_canceled: false, is_archived: true });
  for (const [query, ids] of [
    ['', [1, 2, 3]],
    ['?user=me', [2, 3]],
    ['?name=w', [1]],
    ['?description=sweep', [2]],
    ['?description=0%25%20o', [2]],
    ['?is_archived=true', [3]],
    ['?is_archived=false', [1, 2]],
    ['?sort_by=name&reverse_sort=true', [1, 3, 2]],
    ['?limit=1&offset=1', [2]],
  ] as const) {
    const { json } = await scene.get(`/workflows${query}`);
    t.same(
      (json.items as { id: number }[]).map(({ id }) => id),
      ids,
      query,
    );
  }
  t.match((await scene.get('/workflows?name=c')).json.items, [{ use_pending_failed: true, status_id: 3 }]);
  const refused = await scene.get('/workflows?sort_by=name;DROP');
  t.match(refused, { status: 400, json: { error: { field: 'sort_by' } } });
});

t.test('every operation on a workflow that is not there', async (t) => {
  const scene = await Scene.open(t);
  const status = { run_id: 1, is_canceled: false };
  const resources = { num_cpus: 1, memory_gb: 1, num_gpus: 0, num_nodes: 1 };
  const action = { workflow_id: 9, trigger_type: 'x', action_type: 'x', action_config: {} };
  for (const [method, path, body] of [
    ['get', '', undefined],
    ['put', '', { name: 'x', user: 'u' }],
    ['remove', '', undefined],
    ['put', '/cancel', {}],
    ['post', '/claim_jobs_based_on_resources/1', resources],
    ['post', '/claim_next_jobs', {}],
    ['get', '/dot_graph/job_job_dependencies', undefined],
    ['post', '/initialize_jobs', {}],
    ['get', '/is_complete', undefined],
    ['get', '/is_uninitialized', undefined],
    ['get', '/job_dependencies', undefined],
    ['get', '/job_file_relationships', undefined],
    ['get', '/job_user_data_relationships', undefined],
    ['get', '/job_ids', undefined],
    ['get', '/missing_user_data', undefined],
    ['post', '/process_changed_job_inputs', {}],
    ['get', '/ready_job_requirements', undefined],
    ['get', '/required_existing_files', undefined],
    ['post', '/reset_job_status', {}],
    ['post', '/reset_status', {}],
    ['get', '/status', undefined],
    ['put', '/status', status],
    ['post', '/actions', action],
    ['get', '/actions', undefined],
    ['get', '/actions/pending', undefined],
    ['post', '/actions/1/claim', {}],
  ] as const) {
    const reply = await scene[method](`/workflows/9${path}`, body);
    t.match(
      reply,
      { status: 404, json: { error: { message: 'Workflow not found with ID: 9' } } },
      `${method} ${path}`,
    );
  }
  for (const path of ['/jobs?workflow_id=9']) t.equal((await scene.get(path)).status, 404, path);
  t.equal((await scene.remove('/jobs?workflow_id=9')).status, 404);
  t.equal((await scene.post('/jobs', { workflow_id: 9, name: 'a', command: 'b' })).status, 404);
});

t.test('a workflow that is canceled', async (t) => {
  const scene = await Scene.open(t);
  const [a, b] = [await scene.job('a'), await scene.job('b')];
  await scene.job('c', { depends_on_job_ids: [a] });
  await scene.job('d');
  await scene.initialize();
  scene.force(a, 'running');
  scene.force(b, 'pending');
  const canceled = await scene.put('/workflows/1/cancel');
  t.match(canceled.json, { id: 1, is_canceled: true, run_id: 0, is_archived: false });
  t.equal(await scene.states(), 'a:canceled b:canceled c:blocked d:ready');
  t.same((await scene.post('/workflows/1/claim_next_jobs')).json, {
    jobs: [],
    reason: 'Workflow is canceled',
  });
  t.match((await scene.get('/workflows/1/is_complete')).json, { is_canceled: true, is_complete: true });
  t.match(
    JSON.parse((scene.server.context.db.prepare('SELECT data FROM event').get() as { data: string }).data),
    {
      category: 'workflow_canceled',
      workflow_id: 1,
      run_id: 0,
    },
  );
  t.same(
    scene.events.slice(1).map(({ event_type: type }) => type),
    ['job_canceled', 'job_canceled'],
  );
  t.equal((await scene.report(a, 'completed')).status, 422, 'what its runner says comes too late');
  await scene.post('/workflows/1/reset_status');
  t.equal(
    await scene.states(),
    'a:canceled b:canceled c:canceled d:ready',
    'nothing waits for a canceled job',
  );
});

t.test('when a status can be reset', async (t) => {
  const scene = await Scene.open(t);
  const id = await scene.job('a');
  const reset = (query = '') => scene.post(`/workflows/1/reset_status${query}`);
  await scene.put('/workflows/1/status', {
    ...{ run_id: 4, is_canceled: true, has_detected_need_to_run_completion_script: true },
  });
  t.same((await reset()).json, {
    ...{ id: 1, run_id: 4, is_canceled: false, is_archived: false },
    has_detected_need_to_run_completion_script: false,
  });
  scene.force(id, 'running');
  t.equal((await reset()).status, 422);
  t.equal((await reset('?force=true')).status, 200);
  scene.force(id, 'completed');
  const node = { workflow_id: 1, scheduler_id: 1, scheduler_config_id: 1, scheduler_type: 'slurm' };
  scene.insert('scheduled_compute_node', { ...node, status: 'active' });
  t.equal((await reset()).status, 422);
  await scene.put('/workflows/1/status', { run_id: 4, is_canceled: false, is_archived: true });
  t.match(await reset('?force=true'), { status: 422, json: { error: { message: /archived/ } } });
});

t.test('jobs that are reset: all, or failures and what is behind them', async (t) => {
  for (const [query, states, count] of [
    ['', 'a:uninitialized b:uninitialized c:uninitialized d:uninitialized e:disabled', 4],
    ['?failed_only=true', 'a:completed b:uninitialized c:uninitialized d:uninitialized e:disabled', 3],
  ] as const) {
    const scene = await Scene.open(t);
    const [a, b] = [await scene.job('a'), await scene.job('b')];
    const c = await scene.job('c', { depends_on_job_ids: [b], cancel_on_blocking_job_failure: false });
    await scene.job('d', { depends_on_job_ids: [c] });
    const e = await scene.job('e');
    await scene.put(`/jobs/${e}`, { workflow_id: 1, name: 'e', command: 'run e', status: 'disabled' });
    await scene.initialize();
    await scene.report(a, 'completed');
    await scene.report(b, 'terminated');
    await scene.report(c, 'completed');
    const { json } = await scene.post(`/workflows/1/reset_job_status${query}`);
    const type = query === '' ? {} : { reset_type: 'failed_only' };
    t.same(json, { workflow_id: 1, updated_count: count, status: 'uninitialized', ...type });
    t.equal(await scene.states(), states);
    const event = scene.server.context.db.prepare('SELECT data FROM event').get() as { data: string };
    t.match(JSON.parse(event.data), {
      action: 'reset_job_status',
      failed_only: query !== '',
      updated_count: count,
    });
  }
});

t.test('settings that are no JSON', async (t) => {
  const scene = await Scene.open(t);
  const reply = await scene.post('/workflows', { name: 'x', user: 'u', slurm_defaults: '{' });
  t.match(reply, { status: 422, json: { error: { field: 'slurm_defaults', value: '{' } } });
});
