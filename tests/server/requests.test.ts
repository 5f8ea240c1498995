import t from 'tap';
import { BASE_PATH } from '../../lib/wire/endpoint.js';
import { insertJob, insertWorkflow } from './rows.js';
import { TestServer } from './server.js';

function open(t: Parameters<typeof TestServer.open>[0]): TestServer {
  const server = TestServer.open(t);
  insertJob(server.context.db, insertWorkflow(server.context.db));
  return server;
}

t.test('the system answers for itself', async (t) => {
  const server = open(t);
  t.same((await server.ask('GET', '/ping')).json, { status: 'ok' });
  t.same((await server.ask('GET', '/health')).json, { status: 'ok' });
  t.equal((await server.ask('GET', '/version')).text, '"0.10.0"');
});

t.test('paths and methods that are not there', async (t) => {
  const server = open(t);
  for (const [method, path, status, allow] of [
    ['PATCH', '/files/1', 405, 'GET, PUT, DELETE'],
    ['HEAD', '/ping', 405, 'GET'],
    ['DELETE', '/workflows/1/events/stream', 405, 'GET'],
    ['GET', '/workflows/1/latest_event_timestamp', 405, ''],
    ['POST', '/workflows/1/prepare_jobs_for_scheduling', 405, ''],
    ['GET', '/workflows/1/events_after_timestamp/5', 405, ''],
    ['GET', '/nowhere', 404, undefined],
    ['PATCH', '/nowhere', 404, undefined],
  ] as const) {
    const reply = await server.ask(method, path);
    t.same([reply.status, reply.text, reply.headers.allow], [status, '', allow], `${method} ${path}`);
  }
});

t.test('a path does not end in a slash', async (t) => {
  const server = open(t);
  for (const path of ['/files/', '/files/1/', '/ping/', '/workflows/1/remote_workers/']) {
    t.match(await server.ask('DELETE', path), { status: 404 }, path);
  }
});

t.test('queries', async (t) => {
  const server = open(t);
  for (const name of ['a', 'b', 'c']) {
    await server.ask('POST', '/files', { workflow_id: 1, name, path: name });
  }
  for (const [query, status, count] of [
    ['workflow_id=1&name=a&name=b', 200, 1],
    ['workflow_id=1&workflow_id=7', 200, 3],
    ['workflow_id=1&colour=red&__proto__=x', 200, 3],
    ['workflow_id=%31&limit=%2B2', 200, 2],
    ['workflow_id=1&limit=0', 200, 0],
    ['workflow_id=1&offset=2', 200, 1],
    ['workflow_id=1&name=', 200, 0],
    ['workflow_id=1&limit=-1', 400],
    ['workflow_id=1&limit=10001', 400],
    ['workflow_id=1&limit=0x10', 400],
    ['workflow_id=1&offset=99999999999999999999', 400],
    ['workflow_id=', 400],
    ['workflow_id=1&reverse_sort=1', 400],
    ['workflow_id=1&reverse_sort=True', 400],
    ['workflow_id=1&sort_by=st_mtime', 200, 3],
    ['workflow_id=1&sort_by=rowid', 400],
    ['workflow_id=1&sort_by=name%20DESC', 400],
  ] as const) {
    const reply = await server.ask('GET', `/files?${query}`);
    t.equal(reply.status, status, query);
    if (count !== undefined) t.equal(reply.json.count, count, query);
  }
});

t.test('bodies', async (t) => {
  const server = open(t);
  const file = { workflow_id: 1, name: 'f', path: 'p' };
  const post = (payload: string, headers: Record<string, string> = {}) =>
    server.app.inject({ method: 'POST', url: `${BASE_PATH}/files`, payload, headers });
  for (const headers of [
    {},
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'nonsense' },
  ]) {
    t.equal((await post(JSON.stringify(file), headers)).statusCode, 200, JSON.stringify(headers));
  }
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  for (const payload of ['', '{', 'null', '[]', '"x"', `{"workflow_id":1,"name":"f","path":${deep}}`]) {
    const reply = await post(payload, { 'content-type': 'application/json' });
    t.equal(reply.statusCode, 400, payload.slice(0, 20));
    t.type((reply.json() as { error: { message: string } }).error.message, 'string');
  }
  const strange = await server.ask('POST', '/files', { ...file, 'é\n': 1, __proto__x: 2 });
  t.equal(strange.headers.warning, 'Ignoring unknown fields in body: ["\\u00e9\\n","__proto__x"]');
  t.match(await server.ask('DELETE', '/files/1', 'no body is wanted'), { status: 200 });
  const garbage = { method: 'DELETE', url: `${BASE_PATH}/files/2`, payload: '{{{' } as const;
  t.equal((await server.app.inject(garbage)).statusCode, 200, 'a body that nobody reads');
});

t.test('spans', async (t) => {
  const server = open(t);
  const own = await server.ask('GET', '/ping', undefined, { 'X-Span-ID': 'mine' });
  t.equal(own.headers['x-span-id'], 'mine');
  t.match((await server.ask('GET', '/nowhere')).headers['x-span-id'], /^[0-9a-f-]{36}$/);
});

t.test('paths that cannot be decoded, and parts of any length', async (t) => {
  const server = open(t);
  t.match(await server.ask('GET', '/users/%zz/groups'), { status: 400, json: { error: { message: /./ } } });
  t.match(await server.ask('GET', `/users/${'x'.repeat(4000)}/groups`), { status: 200 });
  t.match(await server.ask('GET', `/users/${encodeURIComponent('ü/ä')}/groups`), { status: 200 });
});
