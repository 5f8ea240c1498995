import { writeFileSync } from 'node:fs';
import bcrypt from 'bcryptjs';
import t, { type Test } from 'tap';
import { basic, TestServer } from '../server.js';

const HASH = bcrypt.hashSync('secret', 4);

/** With the least cost, so that tests do not wait. */
function open(t: Test, requireAuth: boolean, now = () => 0): { server: TestServer; file: string } {
  const file = t.testdir({ htpasswd: `# users\nalice:${HASH}\nbob:${HASH}\n` });
  const htpasswdFile = `${file}/htpasswd`;
  return { server: TestServer.open(t, { now }, { htpasswdFile, requireAuth }), file: htpasswdFile };
}

t.test('required: who does not say who he is gets nothing, on any path', async (t) => {
  const { server } = open(t, true);
  for (const path of ['/ping', '/version', '/nowhere']) {
    const reply = await server.ask('GET', path);
    t.match(reply, { status: 401, json: { error: { message: 'Unauthorized' } } });
    t.equal(reply.headers['www-authenticate'], 'Basic realm="Torc"');
  }
  for (const headers of [
    basic('alice', 'wrong'),
    basic('carol'),
    basic(''),
    { authorization: 'Basic !' },
    { authorization: 'Basic YWxpY2U=' },
    { authorization: 'Bearer x' },
  ]) {
    t.match(await server.ask('GET', '/ping', undefined, headers), { status: 401 });
  }
  t.match(await server.ask('GET', '/ping', undefined, basic('alice')), { status: 200 });
});

t.test('optional: who is not known is anonymous', async (t) => {
  const { server } = open(t, false);
  const users: string[] = [];
  server.app.addHook('onSend', async (request) => {
    users.push(request.user);
  });
  for (const headers of [{}, basic('alice'), basic('alice', 'wrong')]) {
    t.match(await server.ask('GET', '/ping', undefined, headers), { status: 200 });
  }
  t.same(users, ['anonymous', 'alice', 'anonymous']);
});

t.test('who guesses has to wait; who knows his password need not', async (t) => {
  let now = 0;
  const { server } = open(t, true, () => now);
  const status = async (headers: Record<string, string>) =>
    (await server.ask('GET', '/ping', undefined, headers)).status;
  t.equal(await status(basic('alice')), 200);
  const guesses = Array.from({ length: 15 }, (_, number) => status(basic('alice', `guess ${number}`)));
  const statuses = await Promise.all(guesses);
  t.equal(statuses.filter((one) => one === 401).length, 10, 'even of attempts at the same time');
  t.equal(statuses.filter((one) => one === 429).length, 5);
  t.equal(await status(basic('alice')), 200, 'still remembered');
  const late = await server.ask('GET', '/ping', undefined, basic('alice', 'guess'));
  t.match(late, { status: 429, headers: { 'retry-after': '60' } });
  t.equal(await status(basic('bob')), 200);
  now += 60_000;
  t.equal(await status(basic('alice', 'guess')), 401);
});

t.test('many requests at once with the right password are one attempt', async (t) => {
  const { server } = open(t, true);
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => server.ask('GET', '/ping', undefined, basic('alice'))),
  );
  t.ok(replies.every(({ status }) => status === 200));
});

t.test(
  'a changed file counts from the next attempt, for known passwords when they are forgotten',
  async (t) => {
    let now = 0;
    const { server, file } = open(t, true, () => now);
    const status = async (user: string) => (await server.ask('GET', '/ping', undefined, basic(user))).status;
    t.equal(await status('alice'), 200);
    writeFileSync(file, `carol:${HASH}\n`);
    t.equal(await status('carol'), 200);
    t.equal(await status('alice'), 200);
    now += 60_000;
    t.equal(await status('alice'), 401);
  },
);
