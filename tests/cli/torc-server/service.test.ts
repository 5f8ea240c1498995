import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { parseArguments } from '../../../lib/cli/parse.js';
import { serviceDefinition } from '../../../lib/cli/torc-server/service/definition.js';
import { launchd } from '../../../lib/cli/torc-server/service/launchd.js';
import { systemd } from '../../../lib/cli/torc-server/service/systemd.js';
import { TORC_SERVER } from '../../../lib/cli/torc-server/spec.js';
import { PACKAGE_ROOT } from '../../../lib/package-root.js';
import { run } from '../../program.js';

const PROGRAM = ['/opt/node', '/opt/torc-server.js'];
const ENV = { HOME: '/home/ann' };

function definition(...words: string[]) {
  return serviceDefinition(parseArguments(TORC_SERVER, ['service', 'install', ...words]), PROGRAM, ENV);
}

t.test('a unit of one person', async (t) => {
  const unit = systemd(definition('--user'), ENV);
  t.equal(unit.file, '/home/ann/.config/systemd/user/torc-server.service');
  t.equal(
    unit.text,
    `[Unit]
Description=Torc Workflow Orchestration Server
After=network.target

[Service]
Type=simple
WorkingDirectory=/home/ann/.torc
ExecStart=/opt/node /opt/torc-server.js run --log-dir /home/ann/.torc/logs --database /home/ann/.torc/torc.db
Restart=on-failure
RestartSec=5s
TimeoutStopSec=30s
NoNewPrivileges=true

[Install]
WantedBy=default.target
`,
  );
  t.same(unit.verbs.start, ['systemctl', '--user', 'start', 'torc-server']);
});

t.test('a unit of the machine, with every option', async (t) => {
  const unit = systemd(
    definition(
      ...['--log-dir', '/var/log/to rc', '--database', 'sqlite:/srv/100%.db', '--url', '0.0.0.0', '-p', '80'],
      ...[
        '-t',
        '8',
        '--auth-file',
        '/etc/$x/"y"\\',
        '--require-auth',
        '--json-logs',
        '-l',
        'debug',
        '-c',
        '5',
      ],
      ...[
        '--https',
        '--tls-key',
        '/k',
        '--tls-cert',
        '/c',
        '--enforce-access-control',
        '--admin-user',
        'ann\nbob',
      ],
    ),
    ENV,
  );
  t.equal(unit.file, '/etc/systemd/system/torc-server.service');
  t.match(unit.text, 'WantedBy=multi-user.target');
  t.match(unit.text, 'WorkingDirectory=/srv\n');
  t.equal(
    /ExecStart=(.*)/.exec(unit.text)?.[1],
    '/opt/node /opt/torc-server.js run --log-dir "/var/log/to rc" --database /srv/100%%.db --url 0.0.0.0 --port 80 ' +
      '--threads 8 --completion-check-interval-secs 5 --log-level debug --auth-file "/etc/$$x/\\"y\\"\\\\" ' +
      '--tls-key /k --tls-cert /c --https --require-auth --enforce-access-control --json-logs ' +
      '--admin-user "ann\\x0abob"',
  );
});

t.test('launchd', async (t) => {
  const user = launchd(definition('--user', '--auth-file', '/a&b<c>'));
  t.equal(user.file, '/home/ann/Library/LaunchAgents/torc-server.plist');
  t.match(user.text, '    <string>/opt/torc-server.js</string>\n    <string>run</string>');
  t.match(user.text, '<string>/a&amp;b&lt;c&gt;</string>');
  t.match(user.text, '<key>RunAtLoad</key>\n  <true/>');
  t.equal(launchd(definition()).file, '/Library/LaunchDaemons/torc-server.plist');
});

/** torc-server with a systemctl of ours, which notes what it is asked. */
function withSystemctl(t: Test, exitCode = 0) {
  const home = t.testdir({ bin: {} });
  const systemctl = `${home}/bin/systemctl`;
  writeFileSync(systemctl, `#!/bin/sh\necho "$@" >> ${home}/asked\nexit ${exitCode}\n`);
  chmodSync(systemctl, 0o755);
  const env = { HOME: home, PATH: `${home}/bin:${process.env.PATH}` };
  const unit = `${home}/.config/systemd/user/torc-server.service`;
  const asked = () => (existsSync(`${home}/asked`) ? readFileSync(`${home}/asked`, 'utf8') : '');
  const server = (...words: string[]) =>
    run([process.execPath, `${PACKAGE_ROOT}dist/bin/torc-server.js`, 'service', ...words], {
      env,
      cwd: home,
    });
  return { home, unit, asked, server };
}

t.test('from install to uninstall', { skip: process.platform !== 'linux' && 'systemd' }, async (t) => {
  const { home, unit, asked, server } = withSystemctl(t);
  const preview = await server('install', '--user', '--dry-run');
  t.equal(preview.code, 0);
  t.notOk(existsSync(unit), 'a dry run writes nothing');
  t.equal((await server('install', '--user')).code, 0);
  const text = readFileSync(unit, 'utf8');
  t.match(preview.stdout, text);
  t.match(text, `--database ${home}/.torc/torc.db`);
  t.ok(existsSync(`${home}/.torc/logs`));
  for (const verb of ['start', 'status', 'stop', 'uninstall']) {
    t.equal((await server(verb, '--user')).code, 0, verb);
  }
  t.notOk(existsSync(unit));
  t.same(asked().trim().split('\n'), [
    '--user daemon-reload',
    '--user enable torc-server',
    '--user start torc-server',
    '--user status --no-pager torc-server',
    '--user stop torc-server',
    '--user disable --now torc-server',
    '--user daemon-reload',
  ]);
  t.match(await server('uninstall', '--user'), { code: 1, stderr: /nothing is installed/ });
});

t.test('what goes wrong', { skip: process.platform !== 'linux' && 'systemd' }, async (t) => {
  const { unit, server } = withSystemctl(t, 3);
  for (const [words, code, stderr] of [
    [['start', '--user'], 1, /systemctl --user start torc-server ended with exit code 3/],
    [['status', '--user'], 1, /^$/],
    [['instal'], 2, /did you mean install\?/],
    [[], 2, /expected one of install, uninstall, start, stop, status/],
    [['install', '--user', '-p', 'x'], 2, /--port x/],
    [['install', '--user', '--daemon'], 2, /a service needs none/],
    [['install', '--user', '--require-auth'], 2, /needs users/],
  ] as const) {
    const { code: actual, stderr: text } = await server(...words);
    t.equal(actual, code, words.join(' '));
    t.match(text, stderr);
  }
  t.notOk(existsSync(unit));
});
