import t from 'tap';
import { defaultSettings, type Settings } from '../../../lib/cli/config-files/settings.js';
import { parseArguments } from '../../../lib/cli/parse.js';
import { isLoopback } from '../../../lib/cli/torc-server/exposure.js';
import { databaseOf, type RunOptions, runOptions } from '../../../lib/cli/torc-server/run-options.js';
import { TORC_SERVER } from '../../../lib/cli/torc-server/spec.js';

function options(
  words: string,
  env: NodeJS.ProcessEnv = {},
  server: Partial<Settings['server']> = {},
): RunOptions {
  const settings = defaultSettings();
  const argv = words.split(' ').filter((word) => word !== '');
  return runOptions(parseArguments(TORC_SERVER, argv), env, {
    ...settings,
    server: { ...settings.server, ...server },
  });
}

t.test('options over variables over files over defaults', async (t) => {
  for (const [words, env, server, expected] of [
    ['', {}, {}, { host: 'localhost', port: 8080, tls: null, database: `${process.cwd()}/torc.db` }],
    ['', {}, {}, { authFile: null, requireAuth: false, credentialCacheSeconds: 60, adminUsers: [] }],
    ['', {}, {}, { log: { level: 'info', folder: null, json: false }, daemon: false, pidFile: null }],
    ['-u 0.0.0.0 -p 0 -t 8 -c 5', {}, { port: 9 }, { host: '0.0.0.0', port: 0 }],
    ['--host ::1', {}, { url: 'x' }, { host: '::1' }],
    ['', {}, { url: 'x', port: 9 }, { host: 'x', port: 9 }],
    ['-d /a.db', { DATABASE_URL: 'sqlite:/b.db' }, { database: '/c.db' }, { database: '/a.db' }],
    ['', { DATABASE_URL: 'sqlite:/b.db' }, { database: '/c.db' }, { database: '/c.db' }],
    ['', { DATABASE_URL: 'sqlite:/b.db' }, {}, { database: '/b.db' }],
    ['--auth-file /a', { TORC_AUTH_FILE: '/b' }, { auth_file: '/c' }, { authFile: '/a' }],
    ['', { TORC_AUTH_FILE: '/b' }, { auth_file: '/c' }, { authFile: '/b' }],
    ['', {}, { auth_file: '/c', require_auth: true }, { authFile: '/c', requireAuth: true }],
    ['--admin-user a --admin-user b', { TORC_ADMIN_USERS: 'c' }, {}, { adminUsers: ['a', 'b'] }],
    ['', { TORC_ADMIN_USERS: 'c, d' }, { admin_users: ['e'] }, { adminUsers: ['c', 'd'] }],
    ['', { TORC_CREDENTIAL_CACHE_TTL_SECS: '0' }, {}, { credentialCacheSeconds: 0 }],
    ['--enforce-access-control', {}, {}, { enforceAccessControl: true }],
    ['-l debug', { RUST_LOG: 'warn' }, { log_level: 'error' }, { log: { level: 'debug' } }],
    ['', { RUST_LOG: 'torc::server::auth=debug' }, { log_level: 'error' }, { log: { level: 'debug' } }],
    ['', {}, { log_level: 'error' }, { log: { level: 'error' } }],
    ['--json-logs', { TORC_LOG_DIR: '/l' }, {}, { log: { folder: '/l', json: true } }],
    ['--https --tls-key /k --tls-cert /c', {}, {}, { tls: { key: '/k', cert: '/c' } }],
    ['', {}, { https: true, tls_key: '/k', tls_cert: '/c' }, { tls: { key: '/k', cert: '/c' } }],
    ['', {}, { https: false, tls_key: '/k', tls_cert: '/c' }, { tls: null }],
    ['--daemon', {}, {}, { daemon: true, pidFile: '/var/run/torc-server.pid' }],
    ['--daemon --pid-file /p', {}, {}, { pidFile: '/p' }],
  ] as const) {
    const settings = server as Partial<Settings['server']>;
    t.match(options(words, env, settings), expected, words);
  }
});

t.test('what cannot be', async (t) => {
  for (const [words, env, message] of [
    ['--require-auth', {}, '--require-auth needs users'],
    ['--https', {}, 'HTTPS needs a key and a certificate: --tls-key <file> is missing'],
    ['--tls-key /k', {}, 'HTTPS needs a key and a certificate: --tls-cert <file> is missing'],
    ['-p 65536', {}, '--port 65536: expected 0 to 65535'],
    ['-p x', {}, '--port x: expected a whole number of at least 0'],
    ['-t 0', {}, '--threads 0: expected a whole number of at least 1'],
    ['-c 0', {}, '--completion-check-interval-secs 0: expected seconds above 0'],
    ['-l loud', {}, /^--log-level loud: expected off, error.*; did you mean/],
    ['', { RUST_LOG: 'deubg' }, /^RUST_LOG deubg: .*did you mean debug\?$/],
    ['-d postgres://x/y', {}, 'database "postgres://x/y": expected a file or sqlite:<file>'],
    ['', { DATABASE_URL: 'sqlite:' }, 'database "sqlite:": the file is missing'],
  ] as const) {
    t.throws(() => options(words, env), { code: 'bad-option', message }, words);
  }
});

t.test('databases', async (t) => {
  for (const [text, expected] of [
    ['/a b.db', '/a b.db'],
    ['sqlite:/a.db', '/a.db'],
    ['sqlite:///a.db', '/a.db'],
    ['sqlite:///a.db?mode=rwc', '/a.db'],
    ['sqlite:a.db', `${process.cwd()}/a.db`],
    ['sqlite://a.db', `${process.cwd()}/a.db`],
    ['sqlite::memory:', ':memory:'],
    ['/what?.db', '/what?.db'],
  ] as const) {
    t.equal(databaseOf(text), expected, text);
  }
});

t.test('who can reach an address', async (t) => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1'])
    t.ok(isLoopback(host), host);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'login1', '127.evil.org']) t.notOk(isLoopback(host), host);
});
