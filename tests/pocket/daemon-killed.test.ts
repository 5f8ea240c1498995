import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { ProcessTable } from '../../lib/pocket/daemon/process-table.js';
import { daemonProcess, stopDaemon, wakeDaemon } from '../../lib/pocket/daemon/wake.js';

/** A state folder of the test's own, and Slurm's commands over it. */
function cluster(t: Test, settings: Record<string, string> = {}) {
  // Removed by hand: the daemon has to end before.
  const root = mkdtempSync(join(tmpdir(), 'pocket-killed-'));
  const folder = join(root, 'state');
  const work = join(root, 'work');
  mkdirSync(work);
  const env = {
    ...process.env,
    PATH: `${PACKAGE_ROOT}bin/pocket:${process.env.PATH}`,
    AFTEROK_POCKET_STATE: folder,
    ...settings,
  };
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, {
      env,
      cwd: work,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim();
  t.teardown(async () => {
    await stopDaemon(folder);
    rmSync(root, { recursive: true, force: true });
  });
  const left = () => run('squeue', '-h', '-o', '%i') !== '';
  return { folder, work, run, left };
}

const KILLED: Record<string, (daemon: number) => number[]> = {
  'the daemon': (daemon) => [daemon],
  'the launcher': (daemon) => launchers(daemon),
  'daemon and launcher': (daemon) => [...launchers(daemon), daemon],
};

function launchers(daemon: number): number[] {
  return ProcessTable.read()
    .below(daemon)
    .filter((row) => row.parent === daemon)
    .map((row) => row.pid);
}

for (const [what, victims] of Object.entries(KILLED)) {
  t.test(`${what} killed again and again: every task runs once`, async (t) => {
    const { folder, work, run, left } = cluster(t);
    const tasks = 60;
    writeFileSync(
      join(work, 'job.sh'),
      '#!/bin/bash\necho $SLURM_ARRAY_TASK_ID >>ran\nsleep 0.1\nexit $((SLURM_ARRAY_TASK_ID % 3))\n',
    );
    run('sbatch', '-o', '/dev/null', '--mem=1', `--array=0-${tasks - 1}%10`, 'job.sh');
    for (let kill = 0; kill < 300 && left(); kill++) {
      const daemon = daemonProcess(folder);
      for (const pid of daemon === null ? [] : victims(daemon)) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It was quicker.
        }
      }
      // As every command that changes something does.
      if (kill % 2 === 1) wakeDaemon({ folder });
      await pause((kill * 37) % 150);
    }
    const ran = readFileSync(join(work, 'ran'), 'utf8').trim().split('\n').map(Number);
    t.same(
      ran.sort((a, b) => a - b),
      Array.from({ length: tasks }, (_, index) => index),
    );
    const rows = run('sacct', '-X', '-n', '-P', '-o', 'jobid,exitcode').split('\n');
    const expected = Array.from({ length: tasks }, (_, index) => `1_${index}|${index % 3}:0`);
    t.same(rows.sort(), expected.sort());
  });
}

t.test('jobs that end wake the daemon that nobody else has started', async (t) => {
  const { folder, work, run } = cluster(t);
  run('sbatch', '-o', '/dev/null', '--wrap', 'sleep 1');
  run('sbatch', '-o', 'after', '--dependency=afterok:1', '--wrap', 'echo after');
  const daemon = daemonProcess(folder) ?? 0;
  for (const pid of [...launchers(daemon), daemon]) process.kill(pid, 'SIGKILL');
  const text = () => {
    try {
      return readFileSync(join(work, 'after'), 'utf8');
    } catch {
      return '';
    }
  };
  for (let turn = 0; turn < 500 && text() === ''; turn++) await pause(20);
  t.equal(text(), 'after\n');
});

t.test('it ends when there is nothing to do, and comes back', async (t) => {
  const { folder, run } = cluster(t, { AFTEROK_POCKET_LINGER: '0.1' });
  for (let round = 0; round < 3; round++) {
    run('sbatch', '--wait', '-o', '/dev/null', '--wrap', 'true');
    for (let turn = 0; turn < 500 && daemonProcess(folder) !== null; turn++) await pause(10 + round);
    t.equal(daemonProcess(folder), null);
  }
});
