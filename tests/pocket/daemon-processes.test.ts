import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { scaledClock } from '../../lib/pocket/clock.js';
import { removeCgroup, runsCgroup } from '../../lib/pocket/daemon/cgroup.js';
import { daemonFolder, makeDaemonFolders } from '../../lib/pocket/daemon/folder.js';
import type { LaunchedJob } from '../../lib/pocket/daemon/job-environment.js';
import { JobFolders } from '../../lib/pocket/daemon/job-files.js';
import { Launcher } from '../../lib/pocket/daemon/launcher.js';
import { Processes } from '../../lib/pocket/daemon/processes.js';
import { RunCgroups } from '../../lib/pocket/daemon/run-cgroups.js';
import { RunsLog } from '../../lib/pocket/daemon/runs-log.js';
import type { Launch } from '../../lib/pocket/executor.js';
import type { RunEnd, Submission } from '../../lib/pocket/job.js';
import { PLAIN_SUBMISSION } from './plain-submission.js';

const MEGABYTE = 2 ** 20;

/** A launcher and its runs, without a scheduler: jobs are scripts by number. */
async function machine(t: Test, scripts: Record<number, string>, { cgroups = false } = {}) {
  const root = t.testdir();
  const folder = daemonFolder(join(root, "a 'state'\nfolder"));
  makeDaemonFolders(folder);
  // No daemon is to be started by runs that end.
  writeFileSync(folder.stopped, '');
  const cgroup = cgroups ? runsCgroup(folder.folder) : null;
  const work = join(root, 'work folder');
  mkdirSync(work);
  const world = {
    clock: scaledClock(Date.now() / 1000, 1),
    readJob: (id: number) => job(id, scripts[id] ?? '', work),
    limitedByKernel: cgroup !== null,
  };
  const identity = { cluster: 'pocket', folder: folder.folder, timeScale: 1 };
  const open = async () => {
    const launcher = await Launcher.start(folder.folder);
    t.teardown(() => launcher.leave());
    const jobs = new JobFolders(folder.jobs, identity);
    const runs = new RunsLog(folder.runs);
    const cgroups = new RunCgroups(cgroup);
    const processes = new Processes({
      ...world,
      runs,
      cgroups,
      jobs,
      order: (orders) => launcher.order(orders),
    });
    return { launcher, processes, runs };
  };
  if (cgroup !== null) t.teardown(() => removeCgroup(cgroup));
  return { folder, work, open, cgroup };
}

function job(id: number, script: string, workingFolder: string): LaunchedJob {
  const submission: Submission = {
    ...PLAIN_SUBMISSION,
    uid: 0,
    gid: 0,
    args: ['one', 'two\nlines'],
    workingFolder,
    submitHost: 'here',
    output: 'out-%j',
    umask: 0o027,
  };
  const environment = Buffer.from(`PATH=${process.env.PATH}\0ODD=a\nb=c\0`);
  return {
    id,
    name: 'name',
    user: 'me',
    submission,
    script: Buffer.from(script),
    environment,
    memoryPerNode: null,
    memoryPerCpu: null,
  };
}

function launch(id: number, memory: number | null = null): Launch {
  const run = { rawId: id, restart: 0 };
  const place = { partition: 'day', nodes: ['n1'], cpus: 1, memory, timeLimit: 60 };
  return { run, job: id, arrayIndex: null, ...place };
}

async function ends(processes: Processes, count: number): Promise<RunEnd[]> {
  const ended: RunEnd[] = [];
  for (let turn = 0; turn < 2000 && ended.length < count; turn++) {
    await pause(10);
    processes.look();
    ended.push(...processes.takeEnded());
  }
  return ended;
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000 && !condition(); turn++) await pause(10);
}

t.test('a script runs with arguments, environment, folder and umask, and its end is told', async (t) => {
  const script = '#!/bin/bash\nprintf "%s|" "$@" "$ODD" "$SLURM_JOB_ID" "$PWD"; umask; exit 7\n';
  const { work, folder, open } = await machine(t, { 5: script });
  const { processes, runs } = await open();
  processes.launch([launch(5)]);
  const [end] = await ends(processes, 1);
  t.match(end, {
    run: { rawId: 5, restart: 0 },
    exit: { code: 7, signal: 0 },
    outOfMemory: false,
    launchFailed: false,
  });
  t.equal(readFileSync(join(work, 'out-5'), 'utf8'), `one|two\nlines|a\nb=c|5|${work}|0027\n`);
  processes.forgetTaken();
  t.same(runs.claimed(), []);
  t.same(readdirSync(folder.jobs), []);
});

t.test('what cannot be started', async (t) => {
  const { work, open } = await machine(t, { 1: '#!/no/such/interpreter\n', 2: '#!/bin/sh\nexit 0\n' });
  mkdirSync(join(work, 'out-2'));
  const { processes } = await open();
  processes.launch([launch(1), launch(2)]);
  const ended = (await ends(processes, 2)).sort((a, b) => a.run.rawId - b.run.rawId);
  t.match(ended[0], { exit: { code: 2, signal: 0 }, launchFailed: false });
  t.match(ended[1], { launchFailed: true }, 'its output file is a folder');
  t.match(readFileSync(join(work, 'out-1'), 'utf8'), 'bad interpreter(/no/such/interpreter): No such file');
});

t.test('a run is launched once, whoever asks twice and whoever is killed', async (t) => {
  const script = '#!/bin/bash\necho begun\nwhile [[ ! -e go ]]; do sleep 0.02; done\nexit 3\n';
  const { work, open } = await machine(t, { 1: script, 2: script });
  const first = await open();
  first.processes.launch([launch(1)]);
  await until(() => existsSync(join(work, 'out-1')));
  process.kill(first.launcher.pid, 'SIGKILL');
  const second = await open();
  second.processes.adopt([launch(1), launch(2)]);
  second.processes.launch([launch(1), launch(2)]);
  await until(() => existsSync(join(work, 'out-2')));
  second.processes.look();
  t.same(second.runs.claimed().sort(), ['1.0', '2.0']);
  writeFileSync(join(work, 'go'), '');
  const ended = await ends(second.processes, 2);
  t.same(
    ended.map(({ exit }) => exit.code),
    [3, 3],
  );
  for (const id of [1, 2]) t.equal(readFileSync(join(work, `out-${id}`), 'utf8'), 'begun\n');
});

t.test('a run whose supervisor was killed is lost, and its processes with it', async (t) => {
  const { work, open } = await machine(t, { 1: '#!/bin/bash\necho $$\nsleep 1000\n' });
  const { processes, runs } = await open();
  processes.launch([launch(1)]);
  await until(() => existsSync(join(work, 'out-1')) && readFileSync(join(work, 'out-1'), 'utf8') !== '');
  runs.read();
  process.kill(runs.claim('1.0')?.pid ?? 0, 'SIGKILL');
  const [end] = await ends(processes, 1);
  t.match(end, { lost: true });
  const shell = Number(readFileSync(join(work, 'out-1'), 'utf8'));
  await until(() => !existsSync(`/proc/${shell}`));
  t.notOk(existsSync(`/proc/${shell}`));
});

t.test('signals: to everything, to the shell, to steps', async (t) => {
  const script = [
    '#!/bin/bash',
    'trap "echo shell" USR1',
    '(trap "echo child" USR1; echo ready; while :; do sleep 0.02; done) &',
    '(export SLURM_STEP_ID=0; exec bash -c \'trap "echo step" USR1; echo ready; while :; do sleep 0.02; done\') &',
    'while [[ ! -e go ]]; do sleep 0.02; done',
    '',
  ].join('\n');
  const { work, open } = await machine(t, { 1: script, 2: script, 3: script });
  const { processes } = await open();
  processes.launch([launch(1), launch(2), launch(3)]);
  const output = (id: number) => {
    const path = join(work, `out-${id}`);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  await until(() => [1, 2, 3].every((id) => output(id).match(/ready/g)?.length === 2));
  const { SIGUSR1 } = (await import('node:os')).constants.signals;
  processes.signal({ rawId: 1, restart: 0 }, SIGUSR1, 'batch');
  processes.signal({ rawId: 2, restart: 0 }, SIGUSR1, 'steps');
  processes.signal({ rawId: 3, restart: 0 }, SIGUSR1, 'all');
  processes.look();
  const said = (id: number) =>
    output(id)
      .match(/^(shell|child|step)$/gm)
      ?.sort()
      .join(' ') ?? '';
  await until(() => said(1) !== '' && said(2) !== '' && said(3).split(' ').length === 3);
  t.same([1, 2, 3].map(said), ['shell', 'step', 'child shell step']);
  writeFileSync(join(work, 'go'), '');
  t.same(
    (await ends(processes, 3)).map(({ exit }) => exit.code),
    [0, 0, 0],
    'what runs on behind the shell is ended',
  );
});

t.test('TERM ends a run, a signal that comes before its processes as well', async (t) => {
  const { open } = await machine(t, { 1: '#!/bin/bash\nsleep 1000\n' });
  const { processes } = await open();
  processes.launch([launch(1)]);
  processes.signal({ rawId: 1, restart: 0 }, 15, 'all');
  const [end] = await ends(processes, 1);
  t.match(end, { exit: { code: 0, signal: 15 } });
});

t.test('what a script leaves behind in a session of its own ends with it', async (t) => {
  const { work, open } = await machine(t, { 1: '#!/bin/bash\nsetsid sleep 1000 & echo $!\nsleep 0.3\n' });
  const { processes } = await open();
  processes.launch([launch(1)]);
  await ends(processes, 1);
  t.notOk(existsSync(`/proc/${readFileSync(join(work, 'out-1'), 'utf8').trim()}`));
});

const HOG =
  '#!/bin/bash\nperl -e \'$x = "x" x 200_000_000; print "survived\\n"; sleep 100\'\necho "status $?"\n';

const QUIET = '#!/bin/bash\nexit 0\n';

t.test('a run over its memory limit, found by looking', async (t) => {
  const { work, open } = await machine(t, { 1: HOG });
  const { processes } = await open();
  processes.launch([launch(1, 100 * MEGABYTE)]);
  const [end] = await ends(processes, 1);
  t.match(end, { outOfMemory: true });
  t.ok((end?.maxRss ?? 0) > 100 * MEGABYTE);
  t.match(readFileSync(join(work, 'out-1'), 'utf8'), 'Detected 1 oom-kill event(s) in StepId=1.batch.');
});

t.test('a run over its memory limit, ended by the kernel', async (t) => {
  const { work, open, cgroup } = await machine(
    t,
    { 1: HOG, 2: QUIET, 3: QUIET, 4: QUIET, 5: HOG },
    { cgroups: true },
  );
  if (cgroup === null) {
    t.pass('no control groups here');
    return;
  }
  const { processes } = await open();
  processes.launch([launch(1, 100 * MEGABYTE), launch(2, 100 * MEGABYTE)]);
  const ended = (await ends(processes, 2)).sort((a, b) => a.run.rawId - b.run.rawId);
  t.match(
    ended[0],
    { outOfMemory: true, exit: { code: 0, signal: 0 } },
    'the script goes on without its child',
  );
  t.match(ended[1], { outOfMemory: false });
  const output = readFileSync(join(work, 'out-1'), 'utf8');
  t.match(output, 'status 137');
  t.match(output, 'Detected 1 oom-kill event(s) in StepId=1.batch.');
  processes.launch([launch(3, 100 * MEGABYTE), launch(4, 100 * MEGABYTE)]);
  const later = await ends(processes, 2);
  t.same(
    later.map(({ outOfMemory }) => outOfMemory),
    [false, false],
    'what was killed before counts no more',
  );
  processes.launch([launch(5, 100 * MEGABYTE)]);
  t.match((await ends(processes, 1))[0], { outOfMemory: true }, 'a group that is used again has its limit');
});
