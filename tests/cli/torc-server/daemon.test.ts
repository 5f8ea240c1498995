import { existsSync, readFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { waitFor } from '../../wait-for.js';
import { ping, torcServerRun } from './server-process.js';

/** Leaves no daemon behind when a test has failed. */
function killLater(t: Test, pidFile: string): void {
  t.teardown(() => {
    if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  });
}

t.test('a daemon, from its start to its end', async (t) => {
  const folder = t.testdir();
  const words = ['run', '--daemon', '--pid-file', 'pid', '--log-dir', 'logs', '-p', '0'];
  killLater(t, `${folder}/pid`);
  const started = await torcServerRun(folder, words);
  t.equal(started.code, 0, started.stderr);
  const pid = Number(readFileSync(`${folder}/pid`, 'utf8'));
  const port = Number(/^TORC_SERVER_PORT=(\d+)\n$/.exec(started.stdout)?.[1]);
  t.equal((await ping(port)).status, 200);

  const second = await torcServerRun(folder, words);
  t.match(second, { code: 1, stdout: '', stderr: `torc-server with pid ${pid} is running` });

  process.kill(pid, 'SIGTERM');
  await waitFor('the daemon ends', 60, () => (existsSync(`${folder}/pid`) ? undefined : true));
  t.match(readFileSync(`${folder}/logs/torc-server.log`, 'utf8'), /SIGTERM: closing\n.*closed\n$/);
});

t.test('a daemon that was killed leaves nothing in the way', async (t) => {
  const folder = t.testdir();
  const words = ['run', '--daemon', '--pid-file', 'pid', '-p', '0'];
  t.match(await torcServerRun(folder, words), { code: 0, stderr: /leaves no log behind/ });
  const first = Number(readFileSync(`${folder}/pid`, 'utf8'));
  process.kill(first, 'SIGKILL');
  await waitFor('it is gone', 60, () => {
    try {
      process.kill(first, 0);
      return undefined;
    } catch {
      return true;
    }
  });
  t.equal((await torcServerRun(folder, words)).code, 0);
  const second = Number(readFileSync(`${folder}/pid`, 'utf8'));
  t.not(second, first);
  killLater(t, `${folder}/pid`);
  process.kill(second, 'SIGTERM');
  await waitFor('the second one ends', 60, () => (existsSync(`${folder}/pid`) ? undefined : true));
});
