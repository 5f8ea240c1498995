import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { daemonFolder } from '../../lib/pocket/daemon/folder.js';
import { ProcessTable } from '../../lib/pocket/daemon/process-table.js';
import { RunsLog } from '../../lib/pocket/daemon/runs-log.js';
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

/** Rounds in which somebody is killed; what is left after them is let run. */
const KILLS = 40;

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
      // On a busy machine a daemon needs longer to begin than it is given here.
      const daemon = kill < KILLS ? daemonProcess(folder) : null;
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

t.test('supervisors killed as well: no task is lost, none runs twice', async (t) => {
  const { folder, work, run, left } = cluster(t);
  const tasks = 60;
  const script = '#!/bin/bash\necho $SLURM_ARRAY_TASK_ID >>ran\nsleep 0.1\n';
  writeFileSync(join(work, 'job.sh'), script);
  run('sbatch', '-o', '/dev/null', '--mem=1', '--no-requeue', `--array=0-${tasks - 1}%10`, 'job.sh');
  for (let turn = 0; turn < 300 && left(); turn++) {
    const daemon = turn < KILLS ? daemonProcess(folder) : null;
    const supervisors = new RunsLog(daemonFolder(folder).runs);
    const [run = ''] = supervisors.claimed().filter((run) => supervisors.end(run) === null);
    const victims = [supervisors.claim(run)?.pid ?? null, ...(turn % 3 === 0 ? [daemon] : [])];
    if (turn % 6 === 0 && daemon !== null) victims.push(...launchers(daemon));
    for (const pid of victims) {
      try {
        if (pid !== null && pid !== 0) process.kill(pid, 'SIGKILL');
      } catch {
        // It was quicker.
      }
    }
    if (turn % 2 === 1) wakeDaemon({ folder });
    await pause((turn * 37) % 150);
  }
  const ran = readFileSync(join(work, 'ran'), 'utf8').trim().split('\n');
  t.equal(new Set(ran).size, ran.length);
  const states = run('sacct', '-X', '-n', '-P', '-o', 'jobid,state').split('\n');
  t.equal(states.length, tasks);
  const done = new Set(ran.map((index) => `1_${index}`));
  for (const row of states) {
    const [id = '', state = ''] = row.split('|');
    t.ok(state === 'NODE_FAIL' || (state === 'COMPLETED' && done.has(id)), `${id} ${state}`);
  }
});

t.test('jobs that end wake the daemon that nobody else has started', async (t) => {
  const { folder, work, run } = cluster(t);
  run('sbatch', '-o', '/dev/null', '--wrap', 'touch begun; sleep 1');
  run('sbatch', '-o', 'after', '--dependency=afterok:1', '--wrap', 'echo after');
  for (let turn = 0; turn < 500 && !existsSync(join(work, 'begun')); turn++) await pause(20);
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

t.test('a job that waits for a time starts although everything was killed, if somebody asks', async (t) => {
  const { folder, run, left } = cluster(t);
  run('sbatch', '-o', '/dev/null', '--begin=now+2', '--wrap', 'true');
  for (let turn = 0; turn < 500 && daemonProcess(folder) === null; turn++) await pause(20);
  const daemon = daemonProcess(folder) ?? 0;
  for (const pid of [...launchers(daemon), daemon]) process.kill(pid, 'SIGKILL');
  for (let turn = 0; turn < 200 && left(); turn++) await pause(100);
  t.equal(run('sacct', '-X', '-n', '-P', '-o', 'jobid,state'), '1|COMPLETED');
});

t.test('it ends when there is nothing to do, and comes back', async (t) => {
  const { folder, run } = cluster(t, { AFTEROK_POCKET_LINGER: '0.1' });
  for (let round = 0; round < 3; round++) {
    run('sbatch', '--wait', '-o', '/dev/null', '--wrap', 'true');
    for (let turn = 0; turn < 500 && daemonProcess(folder) !== null; turn++) await pause(10 + round);
    t.equal(daemonProcess(folder), null);
  }
});
