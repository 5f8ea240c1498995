import t from 'tap';
import { insertWorkflow } from './rows.js';
import { TestServer } from './server.js';

t.test('a file from its creation to its end', async (t) => {
  const server = TestServer.open(t);
  insertWorkflow(server.context.db);
  const file = { workflow_id: 1, name: 'f', path: 'f.txt' };
  const created = await server.ask('POST', '/files', { ...file, st_mtime: null, colour: 'red' });
  t.same([created.status, created.json], [200, { id: 1, ...file }]);
  t.equal(created.headers.warning, 'Ignoring unknown fields in body: ["colour"]');
  t.same((await server.ask('PUT', '/files/1', { ...file, st_mtime: 1.5 })).json, {
    id: 1,
    ...file,
    st_mtime: 1.5,
  });
  t.same((await server.ask('GET', '/files?workflow_id=1&name=f&reverse_sort=true')).json, {
    items: [{ id: 1, ...file, st_mtime: 1.5 }],
    ...{ offset: 0, max_limit: 10_000, count: 1, total_count: 1, has_more: false },
  });
  t.same((await server.ask('PUT', '/files/1', file)).json, { id: 1, ...file });
  t.same((await server.ask('DELETE', '/files/1')).json, { id: 1, ...file });
  t.same((await server.ask('DELETE', '/files?workflow_id=1')).json, { deleted_count: 0 });
});

t.test('what is wrong with a request', async (t) => {
  const server = TestServer.open(t);
  for (const [method, path, body, status, error] of [
    ['GET', '/files/1', undefined, 404, { message: 'File not found with ID: 1' }],
    ['GET', '/files/x', undefined, 400, { message: 'path parameter id: must be integer; found "x"' }],
    ['GET', '/files', undefined, 400, { message: 'query parameter workflow_id: missing' }],
    ['GET', '/files?workflow_id=1&limit=10001', undefined, 400, { field: 'limit', value: 10001 }],
    ['POST', '/files', undefined, 400, { message: 'Missing required body parameter body' }],
    ['POST', '/files', { workflow_id: '1' }, 400, { field: 'name' }],
    [
      'POST',
      '/files',
      { workflow_id: 1, name: 'f', path: 'p' },
      404,
      { message: 'Workflow not found with ID: 1' },
    ],
  ] as const) {
    const reply = await server.ask(method, path, body);
    t.match(reply, { status, json: { error } }, `${method} ${path}`);
  }
});
