import t from 'tap';
import { insertWorkflow } from './rows.js';
import { TestServer } from './server.js';

t.test('groups, their members and their workflows', async (t) => {
  const server = TestServer.open(t);
  insertWorkflow(server.context.db);
  const created = await server.ask('POST', '/access_groups', { name: 'team', description: 'Us' });
  t.match(created, { status: 200, json: { id: 1, name: 'team', description: 'Us' } });
  t.match(created.json.created_at, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  t.same((await server.ask('GET', '/access_groups/1')).json, created.json);
  t.same((await server.ask('GET', '/access_groups?limit=5')).json, {
    ...{ items: [created.json], offset: 0, limit: 5, total_count: 1, has_more: false },
  });
  const member = (await server.ask('POST', '/access_groups/1/members', { user_name: 'ann', group_id: 1 }))
    .json;
  t.match(member, { id: 1, user_name: 'ann', group_id: 1, role: 'member' });
  t.match((await server.ask('GET', '/access_groups/1/members')).json, { items: [member], total_count: 1 });
  t.match((await server.ask('GET', '/users/ann/groups')).json, { items: [{ id: 1 }] });
  t.match((await server.ask('GET', '/users/bob/groups')).json, { items: [] });
  const link = (await server.ask('POST', '/workflows/1/access_groups/1')).json;
  t.match(link, { workflow_id: 1, group_id: 1, created_at: /:/ });
  t.match((await server.ask('GET', '/workflows/1/access_groups')).json, { items: [{ id: 1 }] });
  t.same((await server.ask('DELETE', '/workflows/1/access_groups/1')).json, link);
  t.same((await server.ask('DELETE', '/access_groups/1/members/ann')).json, member);
  t.same((await server.ask('DELETE', '/access_groups/1')).json, created.json);
  t.match((await server.ask('GET', '/access_check/1/anybody')).json, { has_access: true });
});

t.test('what is refused', async (t) => {
  const server = TestServer.open(t);
  insertWorkflow(server.context.db);
  await server.ask('POST', '/access_groups', { name: 'team' });
  await server.ask('POST', '/access_groups/1/members', { user_name: 'ann', group_id: 1 });
  await server.ask('POST', '/workflows/1/access_groups/1');
  for (const [method, path, body, status, error] of [
    ['POST', '/access_groups', { name: 'team' }, 409, { error: 'Conflict', field: 'name', value: 'team' }],
    ['POST', '/access_groups', { name: ' ' }, 422, { field: 'name' }],
    ['POST', '/access_groups/1/members', { user_name: 'ann', group_id: 1 }, 409, { value: 'ann' }],
    [
      'POST',
      '/access_groups/1/members',
      { user_name: 'b', group_id: 1, role: 'king' },
      422,
      { value: 'king' },
    ],
    [
      'POST',
      '/access_groups/1/members',
      { user_name: 'b', group_id: 2 },
      422,
      { field: 'group_id', value: 2 },
    ],
    ['POST', '/access_groups/2/members', { user_name: 'b', group_id: 2 }, 404, {}],
    ['GET', '/access_groups/2/members', undefined, 404, {}],
    ['DELETE', '/access_groups/1/members/bob', undefined, 404, { error: 'NotFound' }],
    ['POST', '/workflows/1/access_groups/1', undefined, 409, { error: 'Conflict' }],
    ['POST', '/workflows/1/access_groups/2', undefined, 404, {}],
    ['POST', '/workflows/2/access_groups/1', undefined, 404, {}],
    ['GET', '/access_check/2/ann', undefined, 404, {}],
  ] as const) {
    t.match(await server.ask(method, path, body), { status, json: { error } }, `${method} ${path} ${status}`);
  }
});
