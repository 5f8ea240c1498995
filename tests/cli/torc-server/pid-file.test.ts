import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { claimPidFile } from '../../../lib/cli/torc-server/pid-file.js';

t.test('one server at a time', async (t) => {
  const path = `${t.testdir()}/pid`;
  // A process that looks like a server from outside.
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'torc-server'], {
    stdio: 'ignore',
  });
  t.teardown(() => other.kill('SIGKILL'));
  const ended = once(other, 'exit');
  writeFileSync(path, `${other.pid}\n`);
  t.throws(() => claimPidFile(path), {
    code: 'server-unusable',
    message: `torc-server with pid ${other.pid} is running (${path})`,
  });
  other.kill('SIGKILL');
  await ended;
  const release = claimPidFile(path);
  t.equal(readFileSync(path, 'utf8'), `${process.pid}\n`, 'the file of a dead one is taken over');
  t.same(readdirSync(t.testdirName), ['pid']);
  release();
  t.notOk(existsSync(path));
});

t.test('files that are left over', async (t) => {
  const path = `${t.testdir()}/pid`;
  const another = spawn('sleep', ['100'], { stdio: 'ignore' });
  t.teardown(() => another.kill('SIGKILL'));
  for (const [name, text] of [
    ['empty', ''],
    ['no number', 'x\n'],
    ['a number too high for a process', '4194999\n'],
    ['another program', `${another.pid}\n`],
  ] as const) {
    writeFileSync(path, text);
    const release = claimPidFile(path);
    t.equal(readFileSync(path, 'utf8'), `${process.pid}\n`, name);
    release();
  }
});

t.test("another's file stays when we go", async (t) => {
  const path = `${t.testdir()}/pid`;
  const release = claimPidFile(path);
  writeFileSync(path, '1\n');
  release();
  t.equal(readFileSync(path, 'utf8'), '1\n');
});

t.test('no place for a file', async (t) => {
  const path = `${t.testdir()}/missing/pid`;
  t.throws(() => claimPidFile(path), { code: 'server-unusable', hint: 'another place: --pid-file' });
});
