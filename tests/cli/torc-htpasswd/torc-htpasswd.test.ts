import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { compareSync } from 'bcryptjs';
import t from 'tap';
import { torcHtpasswd } from '../../../lib/cli/torc-htpasswd/main.js';
import { PACKAGE_ROOT } from '../../../lib/package-root.js';
import type { Finished } from '../../program.js';

/** Runs torc-htpasswd with this standard input. */
async function htpasswd(words: readonly string[], input = ''): Promise<Finished> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = execFile(process.execPath, [`${PACKAGE_ROOT}dist/bin/torc-htpasswd.js`, ...words], { env });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

t.test('a file from its creation to its end', async (t) => {
  const file = `${t.testdir()}/users`;
  t.match(await htpasswd(['create', file]), { code: 0 });
  t.match(await htpasswd(['create', file]), { code: 1, stderr: /exists \(--force empties it\)/ });
  t.match(await htpasswd(['add', '--file', file, '-c', '4', 'ann'], 'secret\n'), { code: 0, stderr: '' });
  t.match(await htpasswd(['add', file, 'bob', '-p', 'pw', '--cost', '5']), {
    ...{ code: 0, stdout: /Added user 'bob'/, stderr: /--password shows in the process list/ },
  });
  t.match(readFileSync(file, 'utf8'), /^# .*\n# .*\nann:\$2[aby]\$04\$.{53}\nbob:\$2[aby]\$05\$.{53}\n$/);
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.same(readdirSync(t.testdirName), ['users'], 'nothing is left beside it');
  t.match(await htpasswd(['list', '-f', file]), { code: 0, stdout: 'ann\nbob\n' });
  t.match(await htpasswd(['verify', '-f', file, 'ann'], 'secret'), { code: 0 });
  t.match(await htpasswd(['verify', '-f', file, 'ann'], 'wrong'), { code: 1, stderr: /not the password/ });
  t.match(await htpasswd(['verify', '-f', file, 'eve'], 'x'), { code: 1, stderr: /there is no user 'eve'/ });
  t.match(await htpasswd(['add', '-f', file, '-c', '4', 'ann'], 'new'), { stdout: /Updated the password/ });
  t.match(await htpasswd(['verify', '-f', file, 'ann', '-p', 'new']), { code: 0 });
  t.match(await htpasswd(['remove', '-f', file, 'ann']), { code: 0 });
  t.match(await htpasswd(['remove', '-f', file, 'ann']), { code: 1 });
  t.match(await htpasswd(['list', '-f', file]), { stdout: 'bob\n' });
});

t.test('hash prints a line for a file', async (t) => {
  const { stdout } = await htpasswd(['hash', 'ann', '-c', '4'], 'pass word\n');
  t.match(stdout, /^ann:\$2/);
  t.ok(compareSync('pass word', stdout.trim().slice('ann:'.length)));
  t.ok(compareSync('x', (await htpasswd(['hash', '-c', '4'], 'x')).stdout.trim()));
});

t.test('several at once lose nobody', async (t) => {
  const file = `${t.testdir()}/users`;
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(names.map((name) => htpasswd(['add', '-f', file, '-c', '4', name], 'x')));
  t.same((await htpasswd(['list', '-f', file])).stdout.trim().split('\n').sort(), names);
});

t.test('a link stays one', async (t) => {
  const folder = t.testdir({ real: '' });
  symlinkSync('real', `${folder}/link`);
  await htpasswd(['add', '-f', `${folder}/link`, '-c', '4', 'ann'], 'x');
  t.match(readFileSync(`${folder}/real`, 'utf8'), /^ann:/);
});

t.test('what cannot be', async (t) => {
  const file = `${t.testdir()}/users`;
  t.capture(console, 'error');
  for (const [words, code, message] of [
    [['add', '-f', file, 'a:b', '-p', 'x'], 'bad-option', /a name has no ":"/],
    [['add', '-f', file, '-c', '3', 'ann', '-p', 'x'], 'bad-option', /--cost 3/],
    [['add', '-f', file, '-c', '32', 'ann', '-p', 'x'], 'bad-option', /expected 4 to 31/],
    [['add', '-f', file, 'ann', '-p', 'x'.repeat(73)], 'bad-option', /longer than 72 bytes/],
    [['add', '-f', file, 'ann', '-p', 'a\0b'], 'bad-option', /no NUL character/],
    [['add', '-f', file], 'bad-option', /which user/],
    [['add', '-f', file, 'ann', 'bob'], 'bad-option', /unexpected bob/],
    [['add'], 'bad-option', /which file/],
    [['ad', '-f', file, 'ann'], 'bad-option', /unknown command ad/],
    [['list', '-f', file], 'bad-htpasswd', /users: ENOENT/],
    [['list', '--fil', file], 'bad-option', /did you mean --file\?/],
    [['add', '-f', '/proc/none/users', 'ann', '-c', '4', '-p', 'x'], 'bad-htpasswd', /ENOENT/],
  ] as const) {
    await t.rejects(torcHtpasswd([...words]), { code, message }, words[0]);
  }
  t.notOk(existsSync(file));
  t.match(await htpasswd(['add', '-f', file, 'ann'], '\n'), { code: 2, stderr: /the password is empty/ });
  t.match(await htpasswd(['add', '-f', file, 'ann']), { code: 1, stderr: /no answer was given/ });
});
