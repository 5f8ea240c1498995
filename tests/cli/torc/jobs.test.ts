import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { torc, torcJson } from './torc.js';

t.test('jobs from their creation to their end', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  const first = await torcJson(url, ['jobs', 'create', '1', '-n', 'first', '-c', 'echo 1']);
  t.match(first, { id: 1, workflow_id: 1, name: 'first', command: 'echo 1', status: 'uninitialized' });
  const words = ['jobs', 'create', '1', '-n', 'second', '-c', 'echo 2', '-b', '1', '-r', '1'];
  t.match(await torcJson(url, words), { id: 2, depends_on_job_ids: [1], resource_requirements_id: 1 });
  const listed = await torcJson(url, ['jobs', 'list', '1', '--include-relationships']);
  t.match(listed, { jobs: [{ id: 1 }, { id: 2, depends_on_job_ids: [1] }] });
  t.match(await torcJson(url, ['jobs', 'list', '1', '--upstream-job-id', '1']), { jobs: [{ id: 2 }] });
  t.match(await torcJson(url, ['jobs', 'update', '1', '-c', 'echo one']), {
    name: 'first',
    command: 'echo one',
  });
  await client.workflows.initializeJobs({ id: 1 });
  t.match(await torcJson(url, ['jobs', 'list-by-status', '1', '-s', 'ready']), { jobs: [{ id: 1 }] });
  const missing = await torc(url, ['-f', 'json', 'jobs', 'delete', '2', '8', '9']);
  t.equal(missing.code, 1);
  t.match(JSON.parse(missing.stdout), { missing_ids: [8, 9] });
  t.match(await torcJson(url, ['jobs', 'delete', '2']), { jobs: [{ id: 2, name: 'second' }] });
  t.same(await torcJson(url, ['jobs', 'delete-all', '1']), { count: 1 });
});

t.test('jobs for people', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  const command = `cat <<'END'\n${'long '.repeat(20)}\nEND\n`;
  await client.jobs.create({ body: { workflow_id: 1, name: 'a', command } });
  const list = await torc(url, ['jobs', 'list']);
  t.equal(
    list.stdout,
    [
      'Jobs for workflow ID 1:',
      '╭────┬──────┬───────────────┬──────────────────────────────────────────────────────────────╮',
      '│ ID │ Name │ Status        │ Command                                                      │',
      '├────┼──────┼───────────────┼──────────────────────────────────────────────────────────────┤',
      "│ 1  │ a    │ uninitialized │ cat <<'END'; long long long long long long long long long l… │",
      '╰────┴──────┴───────────────┴──────────────────────────────────────────────────────────────╯',
      '\nTotal: 1\n',
    ].join('\n'),
  );
  const one = await torc(url, ['jobs', 'get', '1']);
  t.ok(one.stdout.includes(`  Command: ${command}`), 'the whole command');
  t.match(await torc(url, ['jobs', 'list', '1', '-s', 'done']), {
    code: 2,
    stderr: /--status done: expected/,
  });
  t.match(await torc(url, ['jobs', 'update', '1']), { code: 2, stderr: /nothing to change/ });
  t.match(await torc(url, ['jobs', 'delete']), { code: 2 });
});

t.test('jobs from a file', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  const cwd = t.testdir({ 'commands.txt': '# a comment\necho 1\n\n  echo 2\n', empty: '# nothing\n' });
  const file = `${cwd}/commands.txt`;
  const message = 'Successfully created 2 jobs in workflow 1';
  t.same(await torcJson(url, ['jobs', 'create-from-file', '1', file, '--cpus-per-job', '2']), {
    ...{ status: 'success', message, workflow_id: 1, jobs_created: 2 },
  });
  t.equal((await torc(url, ['jobs', 'create-from-file', '1', file])).stdout, `${message}\n`);
  const { items } = await client.jobs.list({ workflow_id: 1 });
  t.match(items, [
    { name: 'job1', command: 'echo 1', resource_requirements_id: 2 },
    { name: 'job2', command: 'echo 2', resource_requirements_id: 2 },
    { name: 'job3', resource_requirements_id: 3 },
    { name: 'job4', resource_requirements_id: 3 },
  ]);
  const requirements = await client.resourceRequirements.get({ id: 2 });
  t.match(requirements, { num_cpus: 2, memory: '1m', runtime: 'P0DT1M' });
  const empty = await torc(url, ['jobs', 'create-from-file', '1', `${cwd}/empty`]);
  t.match(empty, { code: 2, stderr: /has no commands/ });
  const none = await torc(url, ['jobs', 'create-from-file', '1', `${cwd}/none`]);
  t.match(none, { code: 2, stderr: /cannot read .*ENOENT/ });
});

t.test('what jobs need, and what handles their failures', async (t) => {
  const { client, url } = await runningServer(t);
  for (const name of ['w', 'v']) await client.workflows.create({ body: { name, user: 'alice' } });
  const rules = '[{"exit_codes":[137],"recovery_script":"bash more.sh"}]';
  await client.failureHandlers.create({ body: { workflow_id: 1, name: 'retry', rules } });
  await client.jobs.create({ body: { workflow_id: 1, name: 'a', command: 'true', failure_handler_id: 1 } });
  await client.jobs.create({ body: { workflow_id: 1, name: 'b', command: 'true' } });
  const needs = { num_cpus: 1, num_gpus: 0, num_nodes: 1, memory: '1m', runtime: 'P0DT1M' };
  const record = { rr_id: 1, rr_name: 'default', workflow_id: 1, ...needs };
  t.same(await torcJson(url, ['jobs', 'list-resource-requirements', '1']), [
    { job_id: 1, job_name: 'a', ...record },
    { job_id: 2, job_name: 'b', ...record },
  ]);
  const one = await torcJson(url, ['jobs', 'list-resource-requirements', '1', '-j', '2']);
  t.match(one, [{ job_id: 2 }]);
  t.same(await torcJson(url, ['jobs', 'list-failure-handlers', '1']), [
    { job_id: 1, job_name: 'a', failure_handler_id: 1, failure_handler_name: 'retry', rules },
  ]);
  const other = await torc(url, ['jobs', 'list-failure-handlers', '2', '-j', '1']);
  t.match(other, { code: 2, stderr: /it belongs to workflow 1, not 2/ });
  const listed = await torcJson(url, ['failure-handlers', 'list', '1']);
  t.same(listed, { failure_handlers: [{ id: 1, workflow_id: 1, name: 'retry', rules }] });
  t.same(await torcJson(url, ['failure-handlers', 'get', '1']), {
    id: 1,
    workflow_id: 1,
    name: 'retry',
    rules,
  });
});
