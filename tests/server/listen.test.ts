import { once } from 'node:events';
import { createServer } from 'node:net';
import t from 'tap';
import { listen } from '../../lib/server/listen.js';
import { BASE_PATH } from '../../lib/wire/endpoint.js';

const WHERE = { host: '127.0.0.1', port: 0, https: null, version: '0.10.0' };

t.test('a server from its start to its end, and again over the same database', async (t) => {
  const database = `${t.testdir()}/torc.db`;
  const server = await listen({ ...WHERE, database });
  const answer = await fetch(`${server.url}${BASE_PATH}/version`, { headers: { 'X-Span-ID': 'abc' } });
  t.same([answer.headers.get('x-span-id'), await answer.json()], ['abc', '0.10.0']);
  await server.close();
  await server.close();
  await t.rejects(fetch(`${server.url}${BASE_PATH}/ping`));
  const again = await listen({ ...WHERE, database });
  t.equal((await fetch(`${again.url}${BASE_PATH}/health`)).status, 200);
  await again.close();
});

t.test('a port that is taken', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port } = other.address() as { port: number };
  await t.rejects(listen({ ...WHERE, port, database: ':memory:' }), {
    code: 'server-unusable',
    message: /in use/,
  });
});

t.test('a password file that is not there', async (t) => {
  const options = {
    ...{ htpasswdFile: `${t.testdir()}/none`, requireAuth: true, credentialCacheSeconds: 60 },
    ...{ enforceAccessControl: false, adminUsers: [], logger: null },
  };
  await t.rejects(listen({ ...WHERE, database: ':memory:' }, options), { code: 'bad-htpasswd' });
});
