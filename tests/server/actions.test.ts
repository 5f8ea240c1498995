import t from 'tap';
import { Scene } from './scene.js';

const RUN = { action_type: 'run_commands', action_config: { commands: ['echo'] } };

async function action(scene: Scene, more: Record<string, unknown>): Promise<number> {
  const { json } = await scene.post('/workflows/1/actions', { workflow_id: 1, ...RUN, ...more });
  return json.id as number;
}

async function pending(scene: Scene, query = ''): Promise<number[]> {
  const { json } = await scene.get(`/workflows/1/actions/pending${query}`);
  return (json as unknown as { id: number }[]).map(({ id }) => id);
}

t.test('an action is claimed once', async (t) => {
  const scene = await Scene.open(t);
  const id = await action(scene, { trigger_type: 'on_workflow_start' });
  t.same(await pending(scene), []);
  await scene.initialize();
  t.same(await pending(scene), [id]);
  t.same(await pending(scene, '?trigger_type=on_worker_start&trigger_type=on_workflow_start'), [id]);
  t.same(await pending(scene, '?trigger_type=on_worker_start'), []);
  const claim = (body: unknown) => scene.post(`/workflows/1/actions/${id}/claim`, body);
  t.match(await claim({ compute_node_id: 9 }), {
    status: 422,
    json: { error: { field: 'compute_node_id' } },
  });
  t.same((await claim({ compute_node_id: 1 })).json, { claimed: true, action_id: id });
  t.match(await claim({ compute_node_id: null }), { status: 409, json: { error: { claimed: false } } });
  t.same(await pending(scene), []);
  t.match((await scene.get('/workflows/1/actions')).json, [
    { id, executed: true, executed_by: 1, persistent: false },
  ]);
  t.equal((await scene.post('/workflows/1/actions/99/claim', {})).status, 404);
  await scene.initialize();
  t.same(await pending(scene), [id], 'a new run carries it out again');
});

t.test('a persistent action is for everyone', async (t) => {
  const scene = await Scene.open(t);
  const id = await action(scene, { trigger_type: 'on_worker_start', persistent: true });
  await scene.initialize();
  for (const _ of [1, 2]) t.equal((await scene.post(`/workflows/1/actions/${id}/claim`, {})).status, 200);
  t.same(await pending(scene), [id]);
  t.match((await scene.get('/workflows/1/actions')).json, [{ executed: false, executed_at: /^2026/ }]);
});

t.test('actions that wait for jobs', async (t) => {
  const scene = await Scene.open(t);
  const a = await scene.job('a');
  const b = await scene.job('b', { depends_on_job_ids: [a], cancel_on_blocking_job_failure: false });
  const c = await scene.job('c', { depends_on_job_ids: [b] });
  const ready = await action(scene, { trigger_type: 'on_jobs_ready', job_ids: [a, b] });
  const done = await action(scene, {
    trigger_type: 'on_jobs_complete',
    job_ids: [a, c],
    required_triggers: 1,
  });
  const end = await action(scene, { trigger_type: 'on_workflow_complete' });
  const any = await action(scene, { trigger_type: 'on_jobs_complete' });
  t.match((await scene.get('/workflows/1/actions')).json, [
    { job_ids: [a, b], required_triggers: 2, trigger_count: 0 },
    { job_ids: [a, c], required_triggers: 2 },
    { required_triggers: 1 },
    { required_triggers: 1 },
  ]);
  await scene.initialize();
  t.same(await pending(scene), []);
  await scene.report(a, 'failed');
  t.same(await pending(scene), [ready, any]);
  await scene.post(`/jobs/${a}/retry/0?max_retries=3`);
  await scene.report(a, 'failed', { attempt_id: 2 });
  t.same(await pending(scene), [ready, any], 'a second attempt does not count twice');
  await scene.report(b, 'failed');
  t.equal(await scene.states(), 'a:failed b:failed c:canceled');
  t.same(await pending(scene), [ready, done, end, any], 'a job that is canceled is done with');
  await scene.initialize();
  t.same(await pending(scene), [ready, done, any], 'what is so already counts from the beginning');
});

t.test('actions of a recovery last until the next initialisation', async (t) => {
  const scene = await Scene.open(t);
  const id = await action(scene, { trigger_type: 'on_jobs_ready', is_recovery: true, trigger_count: 1 });
  t.same(await pending(scene), [id]);
  await scene.initialize();
  t.same((await scene.get('/workflows/1/actions')).json, []);
});

t.test('what is wrong with an action', async (t) => {
  const scene = await Scene.open(t);
  const nodes = { action_type: 'schedule_nodes', trigger_type: 'on_workflow_start' };
  for (const [body, status, field] of [
    [{ ...RUN }, 400, 'trigger_type'],
    [{ ...RUN, trigger_type: 'x', workflow_id: 2 }, 422, 'workflow_id'],
    [{ ...RUN, trigger_type: 'on_jobs_ready', job_ids: [7] }, 422, 'job_ids'],
    [{ trigger_type: 'x', action_type: 'run_commands', action_config: {} }, 422, 'action_config.commands'],
    [
      { trigger_type: 'x', action_type: 'run_commands', action_config: { commands: [] } },
      422,
      'action_config.commands',
    ],
    [{ trigger_type: 'x', action_type: 'run_commands', action_config: 'echo' }, 422, 'action_config'],
    [{ ...RUN, trigger_type: 'x', action_config: { commands: ['a'], cwd: '/' } }, 422, 'action_config.cwd'],
    [{ ...nodes, action_config: { scheduler_id: 'one' } }, 422, 'action_config.scheduler_id'],
    [
      { ...nodes, action_config: { start_one_worker_per_node: 1 } },
      422,
      'action_config.start_one_worker_per_node',
    ],
  ] as const) {
    const reply = await scene.post('/workflows/1/actions', { workflow_id: 1, ...body });
    t.match(reply, { status, json: { error: { field } } }, field);
  }
  const other = { workflow_id: 1, trigger_type: 'x', action_type: 'mine', action_config: { anything: 1 } };
  t.match(await scene.post('/workflows/1/actions', other), {
    status: 200,
    json: { action_config: { anything: 1 } },
  });
});
