import { existsSync } from 'node:fs';
import t from 'tap';
import { ServerProcess, torcServerRun } from './server-process.js';

t.test('a start that fails is told, by a daemon too', async (t) => {
  const folder = t.testdir({ 'torc.toml': '', 'not.db': 'this is no database, however long it may be' });
  const running = await ServerProcess.start(t, folder, ['-p', '0', '-d', ':memory:']);
  for (const [words, code, stderr] of [
    [
      ['-p', String(running.port), '-d', ':memory:'],
      1,
      /port \d+ of localhost is in use \(-p 0 takes a free one\)/,
    ],
    [['-p', '0', '-d', 'not.db'], 1, /not\.db/],
    [['-p', '0', '-d', 'missing/x.db'], 1, /missing\/x\.db/],
    [['-p', '0', '--auth-file', 'missing'], 1, /missing/],
    [['-p', '0', '--tls-key', 'missing', '--tls-cert', 'missing'], 1, /cannot read .*missing/],
    [['-p', '0', '--prot', '1'], 2, /did you mean --port\?/],
    [['rnu'], 2, /did you mean run\?/],
    [['--user'], 2, /belongs to torc-server service/],
  ] as const) {
    const result = await torcServerRun(folder, words);
    t.match(result, { code, stdout: '', stderr }, words.join(' '));
    t.equal(result.stderr.trim().split('\n').length, 1, 'one line');
  }
  const daemon = await torcServerRun(folder, [
    '--daemon',
    '--pid-file',
    'pid',
    '-p',
    '0',
    '-d',
    'not.db',
    '--log-dir',
    'l',
  ]);
  t.match(daemon, { code: 1, stdout: '', stderr: /not\.db/ });
  t.notOk(existsSync(`${folder}/pid`));
  await running.stop('SIGTERM');
});
