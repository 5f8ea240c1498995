import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { torc, torcJson } from './torc.js';

t.test('groups, their members and their workflows', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  const groups = async (...words: string[]) => await torcJson(url, ['access-groups', ...words]);
  const group = await groups('create', 'climate', '-d', 'The climate team');
  t.match(group, { name: 'climate', description: 'The climate team' });
  const id = String((group as { id: number }).id);
  t.same(await groups('get', id), group);
  t.match(await groups('add-user', id, 'bob', '-r', 'admin'), { user_name: 'bob', role: 'admin' });
  t.match(await groups('add-user', id, 'carol'), { user_name: 'carol', role: 'member' });
  t.match(await groups('list-members', id), { members: [{ user_name: 'bob' }, { user_name: 'carol' }] });
  t.match(await groups('list-members', id, '-l', '1', '-o', '1'), { members: [{ user_name: 'carol' }] });
  t.same(await groups('list-user-groups', 'bob'), { groups: [group] });
  t.match(await groups('add-workflow', '1', id), { workflow_id: 1, group_id: Number(id) });
  t.same(await groups('list-workflow-groups', '1'), { groups: [group] });
  await groups('remove-workflow', '1', id);
  t.same(await groups('list-workflow-groups', '1'), { groups: [] });
  await groups('remove-user', id, 'carol');
  t.match(await torc(url, ['access-groups', 'list-members', id]), { stdout: /│ bob {2}│ admin │/ });
  const { groups: all } = (await groups('list')) as { groups: { name: string }[] };
  t.ok(all.some(({ name }) => name === 'climate'));
  t.match(await groups('delete', id), { name: 'climate' });
  t.match(await torc(url, ['access-groups', 'get', id]), { code: 1, stderr: /not found/i });
});
