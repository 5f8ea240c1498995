import t from 'tap';
import { Scene } from './scene.js';

t.test('what files and user data imply', async (t) => {
  const scene = await Scene.open(t);
  const file = scene.insert('file', { workflow_id: 1, name: 'f', path: 'f.txt' });
  const own = scene.insert('file', { workflow_id: 1, name: 'own', path: 'own.txt' });
  const input = scene.insert('file', { workflow_id: 1, name: 'in', path: 'in.txt' });
  const data = scene.insert('user_data', { workflow_id: 1, name: 'd' });
  const config = scene.insert('user_data', { workflow_id: 1, name: 'config' });
  const c = await scene.job('c', { input_user_data_ids: [data, config], input_file_ids: [file] });
  const a = await scene.job('a', { input_file_ids: [input, own], output_file_ids: [file, own] });
  const b = await scene.job('b', { input_file_ids: [file], output_user_data_ids: [data] });
  t.same((await scene.get('/workflows/1/is_uninitialized')).json, { is_uninitialized: true });
  await scene.initialize();
  await scene.initialize();
  t.same((await scene.get('/workflows/1/is_uninitialized')).json, { is_uninitialized: false });
  t.equal(await scene.states(), 'c:blocked a:ready b:blocked');
  const { items } = (await scene.get('/workflows/1/job_dependencies')).json;
  t.same(items, [
    { job_id: c, job_name: 'c', depends_on_job_id: a, depends_on_job_name: 'a', workflow_id: 1 },
    { job_id: c, job_name: 'c', depends_on_job_id: b, depends_on_job_name: 'b', workflow_id: 1 },
    { job_id: b, job_name: 'b', depends_on_job_id: a, depends_on_job_name: 'a', workflow_id: 1 },
  ]);
  const producer = { producer_job_id: a, producer_job_name: 'a' };
  const files = await scene.get('/workflows/1/job_file_relationships?limit=3');
  t.match(files.json, { count: 3, total_count: 4, has_more: true });
  t.same((files.json.items as unknown[]).slice(0, 2), [
    {
      file_id: file,
      file_name: 'f',
      file_path: 'f.txt',
      ...producer,
      consumer_job_id: c,
      consumer_job_name: 'c',
      workflow_id: 1,
    },
    {
      file_id: file,
      file_name: 'f',
      file_path: 'f.txt',
      ...producer,
      consumer_job_id: b,
      consumer_job_name: 'b',
      workflow_id: 1,
    },
  ]);
  t.match((await scene.get('/workflows/1/job_user_data_relationships')).json.items, [
    { user_data_id: data, user_data_name: 'd', producer_job_id: b, consumer_job_id: c },
    { user_data_id: config, user_data_name: 'config', consumer_job_id: c },
  ]);
  t.same((await scene.get('/workflows/1/required_existing_files')).json, { files: [input] });
  t.same((await scene.get('/workflows/1/missing_user_data')).json, { user_data: [config] });
  await scene.report(a, 'completed');
  t.same((await scene.get('/workflows/1/required_existing_files')).json, { files: [file, own, input] });
  await scene.report(b, 'completed');
  t.same((await scene.get('/workflows/1/missing_user_data')).json, { user_data: [data, config] });
});

t.test('jobs in a circle', async (t) => {
  const scene = await Scene.open(t);
  const [f, g] = ['f', 'g'].map((name) => scene.insert('file', { workflow_id: 1, name, path: name }));
  await scene.job('a', { input_file_ids: [f], output_file_ids: [g] });
  await scene.job('b', { input_file_ids: [g], output_file_ids: [f] });
  await scene.job('c', { input_file_ids: [f] });
  const { status, json } = await scene.initialize();
  t.match(
    [status, json.error],
    [422, { message: /circle: (a → b → a|b → a → b)$/, field: 'depends_on_job_ids' }],
  );
  t.equal(await scene.states(), 'a:uninitialized b:uninitialized c:uninitialized');
  t.match((await scene.get('/workflows/1/job_dependencies')).json, { total_count: 0 }, 'nothing was changed');
});

t.test('which jobs an initialisation makes run again', async (t) => {
  for (const [status, states] of [
    ['completed', 'a:completed b:ready c:blocked'],
    ['failed', 'a:failed b:canceled c:canceled'],
    ['terminated', 'a:ready b:blocked c:blocked'],
    ['running', 'a:ready b:blocked c:blocked'],
    ['pending_failed', 'a:ready b:blocked c:blocked'],
  ] as const) {
    const scene = await Scene.open(t);
    const a = await scene.job('a');
    const b = await scene.job('b', { depends_on_job_ids: [a] });
    await scene.job('c', { depends_on_job_ids: [b] });
    await scene.initialize();
    if (status === 'running') scene.force(a, status);
    else await scene.report(a, status);
    await scene.initialize('?only_uninitialized=true');
    t.equal(await scene.states(), states, status);
    const current = scene.server.context.db.prepare('SELECT job_id FROM result WHERE is_current = 1').all();
    t.equal(
      current.length,
      ['completed', 'failed'].includes(status) ? 1 : 0,
      'results of jobs that run again are history',
    );
  }
});

t.test('jobs that are made of something else now', async (t) => {
  const scene = await Scene.open(t);
  const data = scene.insert('user_data', { workflow_id: 1, name: 'd', data: '{"x":1}', is_ephemeral: 1 });
  const a = await scene.job('a', { input_user_data_ids: [data] });
  const b = await scene.job('b', { depends_on_job_ids: [a] });
  const c = await scene.job('c');
  const process = async (query = '') =>
    (await scene.post(`/workflows/1/process_changed_job_inputs${query}`)).json.reinitialized_jobs;
  t.same(await process(), [], 'jobs that were never initialised are no matter');
  await scene.initialize();
  for (const id of [a, b, c]) await scene.report(id, 'completed');
  t.same(await process(), []);
  const { db } = scene.server.context;
  db.prepare(`UPDATE user_data SET data = '{"x":2}'`).run();
  await scene.put(`/jobs/${c}`, { workflow_id: 1, name: 'c', command: 'run c', invocation_script: 'new.sh' });
  t.same(await process('?dry_run=true'), ['a', 'c']);
  t.equal(await scene.states(), 'a:completed b:completed c:completed');
  t.same(await process(), ['a', 'c']);
  t.equal(await scene.states(), 'a:uninitialized b:completed c:uninitialized');
  await scene.initialize('?only_uninitialized=true');
  t.equal(await scene.states(), 'a:ready b:blocked c:ready');
  t.same(await process('?dry_run=true'), []);
  await scene.initialize('?clear_ephemeral_user_data=true');
  t.same(db.prepare('SELECT data FROM user_data').get(), { data: null });
});

t.test('user data that a job before has written is no change', async (t) => {
  const scene = await Scene.open(t);
  const data = scene.insert('user_data', { workflow_id: 1, name: 'd' });
  const a = await scene.job('a', { output_user_data_ids: [data] });
  const b = await scene.job('b', { input_user_data_ids: [data] });
  await scene.initialize();
  const write = (value: string) =>
    scene.server.context.db.prepare('UPDATE user_data SET data = ?').run(JSON.stringify(value));
  await scene.report(a, 'completed');
  write('first');
  await scene.post('/workflows/1/claim_next_jobs');
  await scene.put(`/jobs/${b}/start_job/0/1`);
  await scene.report(b, 'completed');
  const changed = async () =>
    (await scene.post('/workflows/1/process_changed_job_inputs?dry_run=true')).json.reinitialized_jobs;
  t.same(await changed(), []);
  write('second');
  t.same(await changed(), ['b']);
});

t.test('what ready jobs need, and graphs', async (t) => {
  const scene = await Scene.open(t);
  const file = scene.insert('file', { workflow_id: 1, name: 'say "hi"', path: 'f' });
  const a = await scene.job('a', { output_file_ids: [file] });
  await scene.job('b', { input_file_ids: [file] });
  await scene.job('c');
  await scene.initialize();
  t.same((await scene.get('/workflows/1/ready_job_requirements')).json, {
    ...{ num_jobs: 2, num_cpus: 2, num_gpus: 0, memory_gb: 2 / 1024, max_num_nodes: 1, max_runtime: 'PT1M' },
  });
  t.match((await scene.get('/workflows/1/ready_job_requirements?scheduler_config_id=4')).json, {
    num_jobs: 0,
  });
  const graph = async (name: string) => (await scene.get(`/workflows/1/dot_graph/${name}`)).json.graph;
  t.match(await graph('job_job_dependencies'), `job_${a} -> job_2;`);
  t.match(await graph('job_file_dependencies'), `file_${file} [label="say \\"hi\\"", shape=box];`);
  t.match(await graph('job_user_data_dependencies'), 'digraph');
  t.match(await scene.get('/workflows/1/dot_graph/nothing'), {
    status: 404,
    json: { error: { field: 'name' } },
  });
});
