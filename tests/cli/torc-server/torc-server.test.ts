import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { hashSync } from 'bcryptjs';
import t from 'tap';
import { BASE_PATH } from '../../../lib/wire/endpoint.js';
import { torc } from '../torc/torc.js';
import { ping, ServerProcess, torcServerRun } from './server-process.js';

t.test('in the foreground, from its first line to its end', async (t) => {
  const folder = t.testdir();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const words = ['run', '-p', '0', '--log-dir', 'logs', '--pid-file', 'pid'];
    const running = await ServerProcess.start(t, folder, words);
    t.equal((await ping(running.port)).status, 200);
    t.equal(readFileSync(`${folder}/pid`, 'utf8'), `${running.child.pid}\n`);
    t.equal(await running.stop(signal), 0);
    t.equal(running.stdout, `TORC_SERVER_PORT=${running.port}\n`);
    t.match(running.stderr, new RegExp(`INFO ${signal}: closing\n.*INFO closed\n$`));
  }
  t.notOk(existsSync(`${folder}/pid`));
  t.ok(existsSync(`${folder}/torc.db`), 'the database of the folder, when nothing is said');
  t.notOk(existsSync(`${folder}/torc.db-wal`), 'closed in order');
  t.match(
    readFileSync(`${folder}/logs/torc-server.log`, 'utf8'),
    /listens on http:\/\/localhost:\d+, database/,
  );
});

t.test('settings of files and variables count', async (t) => {
  const folder = t.testdir({
    'torc.toml':
      '[server]\nport = 0\ndatabase = "mine.db"\nurl = "127.0.0.1"\n[server.logging]\nlog_dir = "l"\njson_logs = true\n',
  });
  const running = await ServerProcess.start(t, folder, [], { RUST_LOG: 'debug' });
  await ping(running.port);
  await running.stop('SIGTERM');
  t.ok(existsSync(`${folder}/mine.db`));
  const records = readFileSync(`${folder}/l/torc-server.log`, 'utf8').trim().split('\n');
  t.ok(records.map((line) => JSON.parse(line) as { msg: string }).some(({ msg }) => msg === 'answered'));
});

t.test('an event stream ends with the server', async (t) => {
  const folder = t.testdir();
  const running = await ServerProcess.start(t, folder, ['-p', '0']);
  const api = `http://127.0.0.1:${running.port}${BASE_PATH}`;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'w', user: 'ann' });
  const created = await fetch(`${api}/workflows`, { method: 'POST', headers, body });
  if (created.status !== 200) {
    t.pass('workflows are not served yet', { skip: true });
    return;
  }
  const { id } = (await created.json()) as { id: number };
  const stream = await fetch(`${api}/workflows/${id}/events/stream`);
  const read = stream.text();
  t.equal(await running.stop('SIGTERM'), 0);
  await read;
});

t.test('users', async (t) => {
  const folder = t.testdir({ users: `ann:${hashSync('secret', 4)}\n` });
  const running = await ServerProcess.start(t, folder, ['-p', '0', '--auth-file', 'users', '--require-auth']);
  t.equal((await ping(running.port)).status, 401);
  const url = `http://127.0.0.1:${running.port}${BASE_PATH}`;
  for (const [env, code] of [
    [{ TORC_USERNAME: 'ann', TORC_PASSWORD: 'secret' }, 0],
    [{ TORC_CLIENT__USERNAME: 'ann', TORC_PASSWORD: 'secret' }, 0],
    [{ TORC_USERNAME: 'ann', TORC_PASSWORD: 'wrong' }, 1],
    [{ TORC_USERNAME: 'ann' }, 1],
  ] as const) {
    const client = await torc(url, ['--skip-version-check', 'files', 'list', '7'], { cwd: folder, env });
    t.match(
      client.stderr,
      code === 0 ? /Workflow not found/ : /401|Unauthorized/,
      Object.keys(env).join(' '),
    );
  }
  await running.stop('SIGTERM');
  t.match(running.stderr, /Loaded 1 users/);
  t.match(running.stderr, /Authentication is REQUIRED/);
  t.match(running.stderr, /WARN .*Authentication failed/);
});

t.test('everybody who can reach it is warned of', async (t) => {
  const running = await ServerProcess.start(t, t.testdir(), ['-p', '0', '--host', '0.0.0.0']);
  await running.stop('SIGTERM');
  t.match(running.stderr, /WARN Everybody who reaches 0\.0\.0\.0/);
});

t.test('access control without users is warned of', async (t) => {
  const folder = t.testdir({ users: `ann:${hashSync('secret', 4)}\n` });
  for (const [words, isTold] of [
    [['--enforce-access-control'], true],
    [['--enforce-access-control', '--auth-file', 'users'], false],
  ] as const) {
    const running = await ServerProcess.start(t, folder, ['-p', '0', ...words]);
    await running.stop('SIGTERM');
    t.equal(/WARN Access control is enforced, but without --auth-file/.test(running.stderr), isTold);
  }
});

t.test('HTTPS', async (t) => {
  const folder = t.testdir();
  const [key, cert] = [`${folder}/key.pem`, `${folder}/cert.pem`];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  try {
    const words = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      ...subject,
    ];
    execFileSync('openssl', [...words, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  } catch {
    t.pass('no openssl', { skip: true });
    return;
  }
  const running = await ServerProcess.start(t, folder, [
    '-p',
    '0',
    '--https',
    '--tls-key',
    key,
    '--tls-cert',
    cert,
  ]);
  const status = await new Promise((resolve, reject) => {
    const options = {
      host: 'localhost',
      port: running.port,
      path: `${BASE_PATH}/ping`,
      ca: readFileSync(cert),
    };
    request(options, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
  t.equal(status, 200);
  await running.stop('SIGTERM');
  t.match(running.stderr, /listens on https:/);

  writeFileSync(cert, readFileSync(key));
  t.match(await torcServerRun(folder, ['-p', '0', '--tls-key', key, '--tls-cert', cert]), {
    ...{ code: 1, stderr: /key .* and certificate .*: / },
  });
});
