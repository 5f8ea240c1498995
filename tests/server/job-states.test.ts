import t from 'tap';
import { JOB_STATUSES, type JobStatus } from '../../lib/wire/job-status.js';
import { Scene } from './scene.js';
import type { Reply } from './server.js';

/** For each operation, the states in which a job may be for it, and the state in which it is then. */
const OPERATIONS: Record<
  string,
  { from: JobStatus[]; to: JobStatus; ask: (scene: Scene, id: number) => Promise<Reply> }
> = {
  start: { from: ['pending'], to: 'running', ask: (scene, id) => scene.put(`/jobs/${id}/start_job/0/1`) },
  complete: {
    from: ['ready', 'pending', 'running'],
    to: 'completed',
    ask: (scene, id) => scene.report(id, 'completed'),
  },
  fail: {
    from: ['ready', 'pending', 'running'],
    to: 'failed',
    ask: (scene, id) => scene.report(id, 'failed'),
  },
  leave: {
    from: ['ready', 'pending', 'running'],
    to: 'pending_failed',
    ask: (scene, id) => scene.report(id, 'pending_failed'),
  },
  retry: {
    from: ['running', 'failed', 'terminated', 'pending_failed'],
    to: 'ready',
    ask: (scene, id) => scene.post(`/jobs/${id}/retry/0?max_retries=1`),
  },
  'set uninitialized': byHand('uninitialized', [...JOB_STATUSES]),
  'set ready': byHand('ready', [...JOB_STATUSES]),
  'set blocked': byHand('blocked', ['uninitialized', 'blocked', 'ready']),
  'set pending': byHand('pending', ['uninitialized', 'ready', 'pending']),
  'set running': byHand('running', ['uninitialized', 'ready', 'pending', 'running']),
  'set pending_failed': byHand('pending_failed', ['running', 'failed', 'pending_failed']),
  'set failed': byHand('failed', ['pending_failed']),
  'set completed': byHand('completed', []),
  'set canceled': byHand('canceled', []),
  'set terminated': byHand('terminated', []),
  'set disabled': byHand(
    'disabled',
    JOB_STATUSES.filter((status) => !['pending', 'running', 'completed'].includes(status)),
  ),
};

function byHand(to: JobStatus, from: JobStatus[]): (typeof OPERATIONS)[string] {
  return { from, to, ask: (scene, id) => scene.put(`/jobs/${id}/manage_status_change/${to}/0`) };
}

t.test('from which states operations lead where', async (t) => {
  const scene = await Scene.open(t);
  const upstream = await scene.job('upstream');
  for (const [name, { from, to, ask }] of Object.entries(OPERATIONS)) {
    for (const status of JOB_STATUSES) {
      const id = await scene.job(status, { depends_on_job_ids: [upstream] });
      scene.force(id, status);
      const reply = await ask(scene, id);
      const { json } = await scene.get(`/jobs/${id}`);
      const what = `${name} of a job that is ${status}`;
      if (from.includes(status)) t.match([reply.status, reply.json.status, json.status], [200, to, to], what);
      else t.match([reply.status, json.status, reply.json.error], [422, status, { field: 'status' }], what);
    }
  }
});

t.test('what is wrong with an attempt', async (t) => {
  const scene = await Scene.open(t);
  const id = await scene.job('a');
  await scene.initialize();
  await scene.put('/workflows/1/status', { run_id: 3, is_canceled: false });
  const result = { job_id: id, workflow_id: 1, run_id: 3, compute_node_id: 1, return_code: 0 };
  const report = { ...result, exec_time_minutes: 1, completion_time: '', status: 'completed' };
  const path = `/jobs/${id}/complete_job/completed`;
  for (const [method, where, body, status, error] of [
    ['put', '/jobs/99/start_job/3/1', undefined, 404, { message: 'Job not found with ID: 99' }],
    ['put', `/jobs/${id}/start_job/2/1`, undefined, 422, { field: 'run_id', value: 2 }],
    ['put', `/jobs/${id}/start_job/3/9`, undefined, 404, { message: 'Compute node not found with ID: 9' }],
    ['post', `${path}/2`, report, 422, { field: 'run_id', value: 2 }],
    ['post', `${path}/3`, { ...report, job_id: 9 }, 422, { field: 'job_id', value: 9 }],
    ['post', `${path}/3`, { ...report, workflow_id: 9 }, 422, { field: 'workflow_id', value: 9 }],
    ['post', `${path}/3`, { ...report, compute_node_id: 9 }, 422, { field: 'compute_node_id', value: 9 }],
    ['post', `/jobs/${id}/complete_job/ready/3`, report, 422, { field: 'status', value: 'ready' }],
    ['post', `/jobs/${id}/complete_job/done/3`, report, 400, {}],
    ['post', '/jobs/99/complete_job/failed/3', report, 404, { message: 'Job not found with ID: 99' }],
    ['post', `/jobs/${id}/retry/2?max_retries=3`, undefined, 422, { field: 'run_id', value: 2 }],
    ['post', `/jobs/${id}/retry/3`, undefined, 400, {}],
    ['put', `/jobs/${id}/manage_status_change/ready/2`, undefined, 422, { field: 'run_id', value: 2 }],
    ['post', `/jobs/${id}/manage_status_change`, { run_id: 3 }, 400, { field: 'status' }],
  ] as const) {
    t.match(await scene[method](where, body), { status, json: { error } }, `${method} ${where}`);
  }
});

t.test('an attempt that ends well', async (t) => {
  const scene = await Scene.open(t);
  const id = await scene.job('a', { invocation_script: 'env.sh' });
  await scene.initialize();
  const claimed = await scene.post('/workflows/1/claim_next_jobs?num_jobs=5', {});
  t.match(claimed.json.jobs, [{ id, status: 'pending', invocation_script: 'env.sh', scheduler_id: null }]);
  await scene.put(`/jobs/${id}/start_job/0/1`);
  t.match((await scene.get('/jobs?workflow_id=1&active_compute_node_id=1')).json, { total_count: 1 });
  await scene.report(id, 'completed', { peak_memory_bytes: 5 });
  t.match((await scene.get('/jobs?workflow_id=1&active_compute_node_id=1')).json, { total_count: 0 });
  const { db } = scene.server.context;
  const results = db
    .prepare('SELECT job_id, attempt_id, is_current, status, peak_memory_bytes FROM result')
    .all();
  t.same(results, [{ job_id: id, attempt_id: 1, is_current: 1, status: 'completed', peak_memory_bytes: 5 }]);
  t.match(scene.events, [
    { event_type: 'workflow_started', severity: 'info', data: { category: 'workflow', user: 'anonymous' } },
    { event_type: 'job_started', data: { job_id: id, job_name: 'a', compute_node_id: 1, run_id: 0 } },
    {
      event_type: 'job_completed',
      severity: 'info',
      data: { job_id: id, status: 'completed', return_code: 0 },
    },
  ]);
  t.equal((await scene.report(id, 'completed')).status, 422, 'a second report changes nothing');
});

t.test('ends of several attempts', async (t) => {
  const scene = await Scene.open(t);
  await scene.post('/workflows', { name: 'other', user: 'u' });
  const [a, b] = [await scene.job('a'), await scene.job('b')];
  const next = await scene.job('next', { depends_on_job_ids: [a] });
  const foreign = (await scene.post('/jobs', { workflow_id: 2, name: 'foreign', command: 'true' })).json.id;
  await scene.initialize();
  await scene.post('/workflows/1/claim_next_jobs?compute_node_id=1&run_id=0');
  const end = (job_id: unknown, more = {}) => ({
    ...{ job_id, workflow_id: 1, run_id: 0, compute_node_id: 1, return_code: 0, exec_time_minutes: 1 },
    ...{ completion_time: '2026-11-21T10:00:00.000Z', status: 'completed', ...more },
  });
  const results = [
    end(a),
    end(99),
    end(foreign, { workflow_id: 2 }),
    end(b, { status: 'failed', return_code: 3 }),
    end(a),
    end(next, { status: 'ready' }),
  ];
  const { status, json } = await scene.post('/workflows/1/complete_jobs', { results });
  t.equal(status, 200);
  t.strictSame(
    (json.results as { job_id: number; error?: { status: number } }[]).map((one) => one.error?.status),
    [undefined, 404, 422, undefined, 422, 422],
    'each is taken or refused on its own',
  );
  t.match(json.results, [{ job_id: a }, { error: { message: 'Job not found with ID: 99' } }]);
  t.equal(await scene.states(), 'a:completed b:failed next:ready');
  t.equal((await scene.get(`/jobs/${foreign}`)).json.status, 'uninitialized');
  t.same(
    scene.events.map(({ event_type }) => event_type).filter((type) => /completed|failed/.test(type)),
    ['job_completed', 'job_failed'],
  );
  t.equal((await scene.post('/workflows/7/complete_jobs', { results: [] })).status, 404);
  t.equal((await scene.post('/workflows/1/complete_jobs', { results: [{}] })).status, 400);
});

t.test('retries: as many as there may be, each another attempt', async (t) => {
  const scene = await Scene.open(t);
  const id = await scene.job('a');
  await scene.initialize();
  for (const attempt of [1, 2, 3]) {
    await scene.report(id, 'failed');
    const { json } = await scene.post(`/jobs/${id}/retry/0?max_retries=3`);
    t.match(json, { status: 'ready', attempt_id: attempt + 1 });
  }
  await scene.report(id, 'failed');
  const enough = await scene.post(`/jobs/${id}/retry/0?max_retries=3`);
  t.match(enough, { status: 422, json: { error: { field: 'max_retries', value: 3 } } });
  const events = scene.server.context.db.prepare('SELECT data FROM event').all() as { data: string }[];
  t.match(
    events.map(({ data }) => JSON.parse(data)),
    [2, 3, 4].map((attempt) => ({ category: 'job_retried', job_id: id, attempt_id: attempt })),
  );
  const current = scene.server.context.db.prepare('SELECT attempt_id FROM result WHERE is_current = 1').all();
  t.same(current, [{ attempt_id: 4 }]);
});

t.test('a failure cancels what depends on it, and tells', async (t) => {
  const scene = await Scene.open(t);
  const a = await scene.job('a');
  const b = await scene.job('b', { depends_on_job_ids: [a] });
  await scene.job('c', { depends_on_job_ids: [b] });
  await scene.job('d', { depends_on_job_ids: [a], cancel_on_blocking_job_failure: false });
  await scene.initialize();
  await scene.report(a, 'failed');
  t.equal(await scene.states(), 'a:failed b:canceled c:canceled d:ready');
  t.same(
    scene.events.slice(1).map(({ event_type, severity }) => `${event_type} ${severity}`),
    ['job_failed error', 'job_canceled warning', 'job_canceled warning'],
  );
});

t.test('a job that is reset takes direct dependents along that have run', async (t) => {
  const scene = await Scene.open(t);
  const a = await scene.job('a');
  const b = await scene.job('b', { depends_on_job_ids: [a] });
  const c = await scene.job('c', { depends_on_job_ids: [b] });
  await scene.initialize();
  for (const id of [a, b, c]) await scene.report(id, 'completed');
  await scene.post(`/jobs/${a}/manage_status_change`, { target_status: 'uninitialized' });
  t.equal(await scene.states(), 'a:uninitialized b:uninitialized c:completed');
  await scene.initialize('?only_uninitialized=true');
  t.equal(await scene.states(), 'a:ready b:blocked c:blocked');
  t.equal(scene.events.at(-1)?.event_type, 'workflow_reinitialized');
});

t.test('blocked by hand only when there is something to wait for', async (t) => {
  const scene = await Scene.open(t);
  const id = await scene.job('a');
  t.equal((await scene.put(`/jobs/${id}/manage_status_change/blocked/0`)).status, 422);
});
