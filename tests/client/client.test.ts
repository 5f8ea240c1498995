import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { all, listAll } from '../../lib/client/all.js';
import { connect } from '../../lib/client/client.js';
import { ApiResponseError, ServerUnreachableError } from '../../lib/client/client-errors.js';
import { patient } from '../../lib/client/patience.js';
import { compareVersions } from '../../lib/client/version-check.js';
import { stablePort } from '../stable-port.js';
import { insertWorkflow, runningServer } from './running-server.js';

t.test('operations take parameters, query and body, and give the answer', async (t) => {
  const { client, server } = await runningServer(t);
  insertWorkflow(server, 'w', 'alice');
  const file = { workflow_id: 1, name: 'a b', path: 'ä/b.txt' };
  t.same(await client.files.create({ body: { ...file, st_mtime: undefined } }), { id: 1, ...file });
  t.same((await client.files.list({ workflow_id: 1, name: 'a b', limit: undefined })).items, [
    { id: 1, ...file },
  ]);
  t.same(await client.files.remove({ id: 1 }), { id: 1, ...file });
});

t.test('a refusal tells status, message, field and value', async (t) => {
  const { client } = await runningServer(t);
  const missing = await client.files.get({ id: 9 }).catch((error: unknown) => error);
  t.match(missing, { status: 404, message: 'File not found with ID: 9', exitCode: 1 });
  t.ok(missing instanceof ApiResponseError);
  const odd = await client.files.list({ workflow_id: 1, limit: -1 }).catch((error: unknown) => error);
  t.match(odd, { status: 400, field: 'limit', value: -1 });
});

t.test('all pages of a list, however small they are', async (t) => {
  const { client, server } = await runningServer(t);
  insertWorkflow(server, 'w', 'alice');
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await client.files.create({ body: { workflow_id: 1, name, path: name } });
  const list: typeof client.files.list = async (request) =>
    await client.files.list({ ...request, limit: Math.min(request.limit ?? 2, 2) });
  const names: string[] = [];
  for await (const file of all(list, { workflow_id: 1 })) names.push(file.name);
  t.same(names, ['a', 'b', 'c', 'd', 'e']);
  const part = await listAll(list, { workflow_id: 1, limit: 3, offset: 1 });
  t.same(
    part.map(({ name }) => name),
    ['b', 'c', 'd'],
  );
});

t.test('no server, no address', async (t) => {
  await t.rejects(connect('http://127.0.0.1:1/torc-service/v1').system.ping(), ServerUnreachableError);
  t.throws(() => connect('localhost'), { code: 'bad-option' });
});

t.test('a patient client pings until the server is back', async (t) => {
  const server = createServer((_request, response) => response.end('{"status":"ok"}'));
  const port = await stablePort();
  t.teardown(() => server.close());
  const told: string[] = [];
  const client = patient(connect(`http://127.0.0.1:${port}/torc-service/v1`), {
    minutes: 20,
    sleep: async (seconds) => {
      told.push(`${seconds} s`);
      if (told.length === 4) await once(server.listen(port, '127.0.0.1'), 'listening');
    },
    onAway: () => told.push('away'),
    onBack: () => told.push('back'),
  });
  t.same(await client.system.health(), { status: 'ok' });
  t.same(told, ['away', '30 s', '30 s', '30 s', 'back']);
  client.close();
});

t.test('a patient client gives up in the end', async (t) => {
  const waits: number[] = [];
  const client = patient(connect('http://127.0.0.1:1/torc-service/v1'), {
    ...{ minutes: 1, interval: 20 },
    sleep: async (seconds) => void waits.push(seconds),
  });
  await t.rejects(client.system.ping(), ServerUnreachableError);
  t.same(waits, [20, 20, 20]);
});

t.test('a password is sent with the name, and neither without it', async (t) => {
  const heard: unknown[] = [];
  const server = createServer(({ headers }, response) => {
    heard.push(headers.authorization);
    response.end('{"status":"ok"}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/torc-service/v1/`;
  for (const options of [{ user: 'ä', password: 'b:c' }, { user: 'ä' }]) {
    const client = connect(url, options);
    await client.system.ping();
    client.close();
  }
  t.same(heard, [`Basic ${Buffer.from('ä:b:c').toString('base64')}`, undefined]);
});

t.test('an answer that takes too long, or is none, is told', async (t) => {
  const server = createServer(({ url }, response) => {
    if (url?.endsWith('/version') === true) response.end('<html>');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.closeAllConnections());
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = connect(`http://127.0.0.1:${port}/torc-service/v1`, { timeout: 0.05 });
  await t.rejects(client.system.ping(), { code: 'server-unreachable', message: /silent for 0\.05 s/ });
  await t.rejects(client.system.version(), { code: 'server-refused', message: /no Torc server/ });
  client.close();
});

t.test('versions', async (t) => {
  for (const [client, server, verdict] of [
    ['0.10.0', '0.10.0 (abc1234-dirty)', 'same'],
    ['v0.10.0', '0.10.3', 'patch'],
    ['0.10.0', '0.9.0', 'minor'],
    ['0.10.0', '0.11.0', 'patch'],
    ['1.0.0', '0.10.0', 'major'],
    ['1.0.0', 'nightly', 'unknown'],
  ] as const) {
    t.equal(compareVersions(client, server), verdict, `${client} and ${server}`);
  }
});
