import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { torc, torcJson } from './torc.js';

t.test('user data from their creation to their end', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  for (const name of ['a', 'b'])
    await client.jobs.create({ body: { workflow_id: 1, name, command: 'true' } });
  const data = { threshold: 0.5 };
  const config = { id: 1, workflow_id: 1, name: 'config', data, is_ephemeral: false };
  const created = ['user-data', 'create', '1', '-n', 'config', '-d', JSON.stringify(data)];
  t.same(await torcJson(url, [...created, '--consumer-job-id', '1']), config);
  const ephemeral = ['user-data', 'create', '1', '-n', 'result', '--ephemeral', '--producer-job-id', '2'];
  t.match(await torcJson(url, ephemeral), { id: 2, is_ephemeral: true });
  const list = async (...words: string[]) => await torcJson(url, ['user-data', 'list', '1', ...words]);
  t.same(await list('--consumer-job-id', '1'), { user_data: [config] });
  t.match(await list('--producer-job-id', '2'), { user_data: [{ id: 2 }] });
  t.match(await list('--is-ephemeral', 'true'), { user_data: [{ id: 2 }] });
  t.match(await list('-l', '1', '-o', '1'), { user_data: [{ id: 2 }] });
  t.match(await list('--name', 'config'), { user_data: [{ id: 1 }] });
  const changed = ['user-data', 'update', '1', '-d', '[1]', '--ephemeral', 'true', '-n', 'settings'];
  t.match(await torcJson(url, changed), { id: 1, name: 'settings', data: [1], is_ephemeral: true });
  t.same(await torcJson(url, ['user-data', 'list-missing', '1']), { user_data: [] });
  t.match(await torcJson(url, ['user-data', 'delete', '1']), { id: 1 });
  t.match(await torcJson(url, ['user-data', 'delete-all', '1']), { deleted_count: 1 });
});

t.test('programs read user data as JSON, and call them by their names', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  for (const name of ['data', 'data2'])
    await client.userData.create({ body: { workflow_id: 1, name, data: 7 } });
  const env = { TORC_WORKFLOW_ID: '1' };
  const read = await torc(url, ['user-data', 'get', 'data2'], { env });
  t.match(JSON.parse(read.stdout), { id: 2, data: 7 });
  const text = await torc(url, ['user-data', 'get', '1', '-f', 'table']);
  t.equal(
    text.stdout,
    'User data ID 1:\n  ID: 1\n  Name: data\n  Data: 7\n  Workflow ID: 1\n  Ephemeral: false\n',
  );
  await torc(url, ['user-data', 'update', 'data', '-d', '"text"', '--workflow-id', '1']);
  t.match(await client.userData.get({ id: 1 }), { data: 'text' });
  t.match(await torc(url, ['user-data', 'get', 'dat'], { env }), {
    code: 1,
    stderr: /has no user data called dat/,
  });
  t.match(await torc(url, ['user-data', 'get', 'data']), { code: 2, stderr: /a name needs its workflow/ });
  t.match(await torc(url, ['user-data', 'update', '1', '-d', '{no}']), {
    code: 2,
    stderr: /--data is no JSON/,
  });
  t.match(await torc(url, ['user-data', 'update', '1']), { code: 2, stderr: /nothing to change/ });
});
