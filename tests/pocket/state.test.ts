import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { AfterokError } from '../../lib/errors.js';
import { parseCluster } from '../../lib/pocket/cluster-file.js';
import { pass } from '../../lib/pocket/scheduler/pass.js';
import { recover } from '../../lib/pocket/scheduler/recover.js';
import { submitJob } from '../../lib/pocket/scheduler/submit.js';
import { clusterFromJson, clusterToJson } from '../../lib/pocket/state/cluster-json.js';
import { stateFolder } from '../../lib/pocket/state/folder.js';
import { jobPayload, nodeRows, taskEnds, tasks } from '../../lib/pocket/state/queries.js';
import { PocketState } from '../../lib/pocket/state/state.js';
import { DEFAULT_CLUSTER, request, Simulation } from './scheduler-simulation.js';

t.test('the folder', async (t) => {
  const uid = process.getuid?.();
  t.equal(stateFolder({ AFTEROK_POCKET_STATE: '/x', TMPDIR: '/y' }), '/x');
  t.equal(stateFolder({ XDG_RUNTIME_DIR: '/run/me', TMPDIR: '/y' }), `/run/me/afterok-pocket-${uid}`);
  t.equal(stateFolder({ TMPDIR: '/y' }), `/y/afterok-pocket-${uid}`);
  t.equal(stateFolder({}), `/tmp/afterok-pocket-${uid}`);
});

t.test('a state is made once, for its owner alone, and keeps its cluster and clock', async (t) => {
  const folder = join(t.testdir(), 'state');
  const env = { AFTEROK_POCKET_STATE: folder, AFTEROK_TIME_SCALE: '60' };
  const opened = await Promise.all([1, 2, 3].map(() => PocketState.open(env)));
  const [state] = opened;
  if (state === undefined) throw new Error('no state');
  t.equal(statSync(folder).mode & 0o777, 0o700);
  t.equal(statSync(join(folder, 'state.db')).mode & 0o777, 0o600);
  t.equal(state.timeScale, 60);
  t.strictSame(state.cluster, DEFAULT_CLUSTER);
  const job = submitJob(state, request({ indices: [0, 1, 2], throttle: 2 }), state.clock.now());
  for (const other of opened) other.close();
  const again = await PocketState.open({ AFTEROK_POCKET_STATE: folder, AFTEROK_TIME_SCALE: '7' });
  t.equal(again.timeScale, 60, 'of those who made it');
  t.equal(tasks(again, 'controller', { jobs: [job] }, again.clock.now()).length, 3);
  t.equal(pass(again, again.clock.now()).launches.length, 2);
  t.equal(recover(again).length, 2);
  t.equal(jobPayload(again, job)?.script.toString(), '#!/bin/sh\n');
  again.close();
});

t.test('what cannot be used is said in one line', async (t) => {
  const folder = t.testdir();
  const open = (env: NodeJS.ProcessEnv) =>
    PocketState.open({ AFTEROK_POCKET_STATE: join(folder, 'state'), ...env });
  const refused = async (promise: Promise<PocketState>, pattern: RegExp) => {
    await t.rejects(promise, AfterokError);
    await t.rejects(promise, { message: pattern });
  };
  await refused(open({ AFTEROK_TIME_SCALE: 'fast' }), /AFTEROK_TIME_SCALE="fast": expected a number/);
  await refused(open({ AFTEROK_POCKET_CLUSTER: join(folder, 'none.yaml') }), /cannot read cluster/);
  writeFileSync(join(folder, 'file'), '');
  await refused(open({ AFTEROK_POCKET_STATE: join(folder, 'file') }), /state folder/);
  mkdirSync(join(folder, 'bad'));
  writeFileSync(
    join(folder, 'bad/state.db'),
    'no database, but long enough to be looked at as one would be'.repeat(20),
  );
  await refused(open({ AFTEROK_POCKET_STATE: join(folder, 'bad') }), /is no database/);
  mkdirSync(join(folder, 'newer'));
  const newer = new Database(join(folder, 'newer/state.db'));
  newer.pragma('user_version = 99');
  newer.close();
  await refused(open({ AFTEROK_POCKET_STATE: join(folder, 'newer') }), /newer version/);
});

t.test('a folder that others could read is closed to them', async (t) => {
  const folder = t.testdir();
  chmodSync(folder, 0o755);
  (await PocketState.open({ AFTEROK_POCKET_STATE: folder })).close();
  t.equal(statSync(folder).mode & 0o777, 0o700);
});

t.test('settings and transactions', async (t) => {
  const { state } = new Simulation();
  t.equal(state.setting('fault.slow_commands'), null);
  state.setSetting('a', '1');
  state.setSetting('a', '2');
  t.equal(state.setting('a'), '2');
  t.throws(() =>
    state.write(() => {
      state.setSetting('a', '3');
      state.write(() => state.setSetting('a', '4'));
      throw new Error('no');
    }),
  );
  t.equal(state.setting('a'), '2', 'all or nothing');
});

t.test('filters', async (t) => {
  const simulated = new Simulation();
  const { state } = simulated;
  const array = simulated.submit({
    name: 'array',
    indices: [0, 1, 2],
    throttle: 1,
    partitions: ['devel', 'day'],
  });
  const single = simulated.submit({ name: 'single', user: 'other', partitions: ['week'] });
  simulated.look();
  const found = (filter: Parameters<typeof tasks>[2]) =>
    tasks(state, 'controller', filter, simulated.time).map(({ job, index }) =>
      index === null ? `${job}` : `${job}_${index}`,
    );
  t.strictSame(found({}), ['1_0', '1_1', '1_2', '2']);
  t.strictSame(found({ names: ['array'], states: ['PENDING'] }), ['1_1', '1_2']);
  t.strictSame(found({ users: ['other'] }), ['2']);
  t.strictSame(found({ partitions: ['day'] }), ['1_1', '1_2'], 'task 0 runs in devel');
  t.strictSame(found({ partitions: ['week', 'devel'] }), ['1_0', '1_1', '1_2', '2']);
  t.strictSame(found({ jobs: [single] }), ['2']);
  t.strictSame(
    found({
      targets: [
        { job: array, index: 2 },
        { job: single, index: null },
      ],
    }),
    ['1_2', '2'],
  );
  t.strictSame(found({ targets: [{ job: 3, index: null }] }), ['1_0'], 'by raw id');
  t.strictSame(found({ targets: [] }), []);
});

t.test('what nodes have given away', async (t) => {
  const simulated = new Simulation();
  simulated.submit({ submission: { nodes: 2, tasks: 4 }, memoryPerNode: 2 ** 29 });
  simulated.look();
  const used = nodeRows(simulated.state).filter(({ allocatedCpus }) => allocatedCpus > 0);
  t.match(used, [
    { name: 'n1', allocatedCpus: 2, allocatedMemory: 2 ** 29 },
    { name: 'n2', allocatedCpus: 2, allocatedMemory: 2 ** 29 },
  ]);
});

t.test('for sbatch --wait: the highest exit code', async (t) => {
  const simulated = new Simulation();
  simulated.course = ({ arrayIndex }) => ({
    seconds: 1,
    end: { exit: { code: arrayIndex ?? 0, signal: 0 } },
  });
  const job = simulated.submit({ indices: [0, 3, 5] });
  t.strictSame(taskEnds(simulated.state, job), { open: 3, highestExit: 0 });
  simulated.run();
  t.strictSame(taskEnds(simulated.state, job), { open: 0, highestExit: 5 });
});

t.test('cluster files', async (t) => {
  t.strictSame(clusterFromJson(clusterToJson(DEFAULT_CLUSTER)), DEFAULT_CLUSTER);
  t.equal(DEFAULT_CLUSTER.nodes.length, 18);
  const unlimited = parseCluster(
    'nodes: [{names: a, cpus: 1, memory: 1G}]\npartitions: {p: {nodes: a}}',
    'c',
  );
  t.equal(clusterFromJson(clusterToJson(unlimited)).partitions[0]?.maxTime, Number.POSITIVE_INFINITY);
  const nodes = 'nodes:\n  - {names: "a[1-2]", cpus: 1, memory: 1G}\n';
  const BAD: Record<string, RegExp> = {
    [`${nodes}partitions:\n  p: {nodes: b}`]: /^c:4:7: partitions\.p\.nodes: no node is called b$/,
    [`${nodes}partitions:\n  p: {nodes: a1, default: true}\n  q: {nodes: a1, default: true}`]:
      /second default/,
    [`${nodes}partitions:\n  p: {nodes: a1, max_tim: 3}`]: /did you mean "max_time"/,
    [`${nodes}  - {names: a1, cpus: 1, memory: 1G}\npartitions: {p: {nodes: a1}}`]: /stands here twice/,
    'nodes: [{names: a, cpus: 1, memory: lots}]\npartitions: {p: {nodes: a}}': /memory size/,
    [nodes]: /missing "partitions"/,
    'nodes: [': /^c:\d+:\d+: /,
  };
  for (const [text, message] of Object.entries(BAD)) t.throws(() => parseCluster(text, 'c'), { message });
});
