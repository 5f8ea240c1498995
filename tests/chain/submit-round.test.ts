import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import t, { type Test } from 'tap';
import { type Checkpoint, lastRound } from '../../lib/chain/checkpoint.js';
import { KILL_POINTS, type KillPoint } from '../../lib/chain/kill-point.js';
import { listChains, readCheckpoint } from '../../lib/chain/open-chain.js';
import { type ChainPaths, TrackerPaths } from '../../lib/chain/paths.js';
import { type FakeSlurm, fakeSlurm, type Ran } from '../fake-slurm.js';

/** The chain as the person's command and the handlers see it. */
class Chain {
  constructor(readonly slurm: FakeSlurm) {}

  get tracker(): TrackerPaths {
    return new TrackerPaths(`${this.slurm.folder}/tracker`);
  }

  get paths(): ChainPaths {
    const [id, ...others] = listChains(this.tracker);
    if (id === undefined || others.length > 0) throw new Error(`expected one chain, found ${id} ${others}`);
    return this.tracker.chain(id);
  }

  get checkpoint(): Checkpoint {
    return readCheckpoint(this.paths);
  }

  start(array: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const { folder } = this.slurm;
    const options = [
      '--tracker',
      `${folder}/tracker`,
      '-c',
      'ladder.yaml',
      '--no-wait',
      '--parsable',
      '-a',
      array,
    ];
    return this.slurm.run('bin/mem-escalate', [...options, 'job.sh', 'an argument'], env);
  }

  /** A handler that comes after a process was killed, later than it takes a lock to grow stale. */
  laterHandler(): Promise<Ran> {
    rmdirSync(`${this.paths.checkpoint}.lock`);
    return this.handler();
  }

  handler(env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return this.slurm.run('handlers/on-failure', [this.paths.checkpoint], env);
  }

  resume(): Promise<Ran> {
    const { chain, tracker } = this.paths;
    return this.slurm.run('bin/mem-escalate', ['--tracker', tracker.tracker, '--resume', chain]);
  }
}

const at = (point: KillPoint, round: number) => ({ AFTEROK_KILL_POINT: `${point}@${round}` });

const OK = { 0: 'COMPLETED 0:0', 1: 'COMPLETED 0:0', 2: 'COMPLETED 0:0', 3: 'COMPLETED 0:0' };
const MIXED = { 0: 'COMPLETED 0:0', 1: 'OUT_OF_MEMORY 0:125', 2: 'TIMEOUT 0:0', 3: 'FAILED 1:0' };

function held(slurm: FakeSlurm): string[] {
  return slurm.lines('queue').filter((row) => row.includes('JobHeldUser'));
}

/** Runs the tests side by side. */
function eachPoint(
  name: string,
  points: readonly KillPoint[],
  test: (t: Test, point: KillPoint) => Promise<void>,
) {
  t.test(name, async (t) => {
    t.jobs = 4;
    for (const point of points) t.test(point, { buffered: true }, (t) => test(t, point));
  });
}

const SUBMITTING = KILL_POINTS.filter((point) => !/round-observed|outcomes-written/.test(point));

eachPoint('the first round is submitted once, wherever its process dies', SUBMITTING, async (t, point) => {
  const slurm = fakeSlurm(t);
  const chain = new Chain(slurm);
  t.equal((await chain.start('0-3', at(point, 1))).signal, 'SIGKILL');
  slurm.account('101', OK);
  t.equal((await chain.laterHandler()).status, 0);
  t.same([...slurm.accepted].sort(), ['r1:h1', 'r1:h2', 'r1:j1']);
  t.same(held(slurm), []);
  const round = lastRound(chain.checkpoint);
  t.same(
    [...round.jobs, ...round.handlers].map(({ jobId, token }) => `${jobId} ${token}`).sort(),
    slurm.lines('accepted').sort(),
    'the ids that are written are those that were given',
  );
  t.equal(chain.checkpoint.state, 'completed', 'and what was submitted counts');
});

const WITH_SEVERAL: KillPoint[] = ['job-submitted', 'handler-submitted'];

eachPoint('so is a round of several jobs', WITH_SEVERAL, async (t, point) => {
  const slurm = fakeSlurm(t, { maxArraySize: 4 });
  const chain = new Chain(slurm);
  for (const id of ['101', '102', '103']) slurm.account(id, OK);
  t.equal((await chain.start('0-9', at(point, 1))).signal, 'SIGKILL');
  t.equal((await chain.laterHandler()).status, 0);
  t.same([...slurm.accepted].sort(), ['r1:h1', 'r1:j1', 'r1:j2', 'r1:j3']);
  t.same(held(slurm), []);
  const arrays = ['r1:j1', 'r1:j2', 'r1:j3'].map((token) => slurm.submitted(slurm.jobId(token))[3]);
  t.same(arrays, ['--array=0-3', '--array=0-3', '--array=0-1']);
  const ids = ['r1:j1', 'r1:j2', 'r1:j3'].map((token) => slurm.jobId(token));
  t.ok(slurm.submitted(slurm.jobId('r1:h1')).includes(`--dependency=afterany:${ids.join(':')}`));
});

eachPoint('the next round is decided and submitted once', KILL_POINTS, async (t, point) => {
  const slurm = fakeSlurm(t);
  const chain = new Chain(slurm);
  t.equal((await chain.start('0-3')).status, 0);
  slurm.end(slurm.jobId('r1:j1'), MIXED);
  const round = /round-observed|outcomes-written/.test(point) ? 1 : 2;
  t.equal((await chain.handler(at(point, round))).signal, 'SIGKILL');
  slurm.account('104', OK);
  t.equal((await chain.laterHandler()).status, 0);
  t.same([...slurm.accepted].sort(), ['r1:h1', 'r1:h2', 'r1:j1', 'r2:h1', 'r2:h2', 'r2:j1']);
  t.same(held(slurm), []);
  const { rounds, state } = chain.checkpoint;
  t.equal(rounds.length, 2);
  t.match(rounds[0]?.result?.buckets, { completed: '0', retrying: '1-2', failed: '3', unknown: '' });
  t.match(rounds[1]?.jobs, [{ level: 1, array: '1-2', jobId: slurm.jobId('r2:j1') }]);
  t.match(slurm.submitted(slurm.jobId('r2:j1')).slice(3, 7), [
    '--array=1-2',
    '--partition=week',
    '--mem=4G',
    '--time=00:02:00',
  ]);
  t.same(slurm.submitted(slurm.jobId('r2:j1')).at(-1), 'an argument');
  // A process that has planned the round itself leaves its end to the handlers; one that finds it submitted looks.
  t.equal(state, round === 1 ? 'active' : 'failed');
});

t.test('without deaths, handlers that have lost their purpose are cancelled', async (t) => {
  const slurm = fakeSlurm(t);
  const chain = new Chain(slurm);
  t.equal((await chain.start('0-3')).status, 0);
  slurm.end(slurm.jobId('r1:j1'), OK);
  const self = slurm.jobId('r1:h2');
  const ran = await chain.handler({ SLURM_JOB_ID: self });
  t.match(ran, { status: 0, stdout: /chain \S+: completed\n$/ });
  t.same(slurm.lines('cancelled'), [slurm.jobId('r1:h1')], 'but not the one that does it');
  const again = await chain.handler({ SLURM_JOB_ID: self });
  t.equal(again.status, 0, 'a handler that runs twice changes nothing');
  t.equal(slurm.accepted.length, 3);
});

t.test('a job whose submission was answered by a lost connection is adopted', async (t) => {
  for (const token of ['r1:j1', 'r1:h2']) {
    const slurm = fakeSlurm(t);
    slurm.write('lose', token);
    const chain = new Chain(slurm);
    t.equal((await chain.start('0-3')).status, 0, token);
    t.notOk(existsSync(`${slurm.folder}/lose`), 'it was lost');
    t.same(slurm.accepted, ['r1:j1', 'r1:h1', 'r1:h2']);
    t.same(held(slurm), []);
    t.match(chain.checkpoint, { state: 'active', rounds: [{ phase: 'running' }] });
  }
});

t.test('of two jobs under one token the younger is cancelled', async (t) => {
  const slurm = fakeSlurm(t);
  const chain = new Chain(slurm);
  await chain.start('0-3', at('job-submitted', 1));
  slurm.account('101', OK);
  const [first = ''] = slurm.lines('queue');
  const older = slurm.jobId('r1:j1');
  slurm.write('queue', `${first.replace(older, '900')}\n${first}\n`);
  t.equal((await chain.laterHandler()).status, 0);
  t.equal(slurm.lines('cancelled')[0], '900', 'before its handlers are, at its end');
  t.equal(lastRound(chain.checkpoint).jobs[0]?.jobId, older);
});

const BLACK_HOLE = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [index, index < 5 ? 'FAILED 1:0 bad1' : 'COMPLETED 0:0']),
);

t.test('a bad node is avoided by the next round, unless nothing else could run it', async (t) => {
  for (const inadmissible of [false, true]) {
    const slurm = fakeSlurm(t);
    const chain = new Chain(slurm);
    t.equal((await chain.start('0-9')).status, 0);
    slurm.end(slurm.jobId('r1:j1'), BLACK_HOLE);
    if (inadmissible) slurm.write('inadmissible', '');
    t.equal((await chain.handler()).status, 0);
    const { excludedNodes, rounds, events, state } = chain.checkpoint;
    t.equal(state, 'active');
    t.match(excludedNodes, [{ node: 'bad1', until: (excludedNodes[0]?.since ?? 0) + 3600 }]);
    const avoided = slurm.submitted(slurm.jobId('r2:j1')).includes('--exclude=bad1');
    t.equal(avoided, !inadmissible);
    const handler = slurm.submitted(slurm.jobId('r2:h1'));
    t.equal(handler.includes('--exclude=bad1'), !inadmissible, 'nor do handlers run there');
    t.match(rounds[1]?.jobs, [{ level: 0, indices: '0-4', exclude: inadmissible ? [] : ['bad1'] }]);
    const kinds = events.map(({ kind }) => kind);
    const dropped = inadmissible ? ['not excluded'] : [];
    t.same(kinds, ['created', 'submitted', 'excluded', 'decided', ...dropped, 'submitted']);
  }
});

t.test('a chain that may not go on is capped', async (t) => {
  const slurm = fakeSlurm(t);
  const ladder = readFileSync(`${slurm.folder}/ladder.yaml`, 'utf8');
  slurm.write('ladder.yaml', `${ladder}limits: {attempts: 5}\n`);
  const chain = new Chain(slurm);
  t.equal((await chain.start('0-3')).status, 0);
  slurm.end(slurm.jobId('r1:j1'), MIXED);
  t.equal((await chain.handler()).status, 0);
  slurm.end(slurm.jobId('r2:j1'), { 1: 'OUT_OF_MEMORY 0:125' });
  t.match((await chain.handler()).stdout, /capped/);
  t.match(chain.checkpoint, {
    state: 'capped',
    reason: 'the cap on attempts: 4 of 5 used, 1 task beyond it is not run again',
    rounds: [
      { result: { buckets: { retrying: '1', failed: '2-3' }, capped: { tasks: 1 }, coreSeconds: 20 } },
      { result: { failures: [{ cause: 'exhausted' }], capped: null } },
    ],
  });
  t.equal((await chain.resume()).status, 1, 'there is nothing to resume');
});

t.test('a later round that is refused blocks the chain, until it is resumed', async (t) => {
  const slurm = fakeSlurm(t);
  const chain = new Chain(slurm);
  await chain.start('0-3');
  slurm.end(slurm.jobId('r1:j1'), MIXED);
  slurm.account('104', OK);
  for (const refused of ['r2:j1', 'r2:h1']) {
    slurm.write('refuse', refused);
    const ran = refused === 'r2:j1' ? await chain.handler() : await chain.resume();
    t.match(ran.stdout, /blocked/);
    t.match(chain.checkpoint, { state: 'blocked', reason: /^sbatch: .*Invalid account/ });
  }
  slurm.write('refuse', 'nothing');
  t.equal((await chain.resume()).status, 0);
  t.match(chain.checkpoint, { state: 'failed', reason: null });
  t.same(slurm.accepted, ['r1:j1', 'r1:h1', 'r1:h2', 'r2:j1', 'r2:h1', 'r2:h2']);
  t.same(held(slurm), []);
});

t.test('of a first round that is refused nothing is left behind', async (t) => {
  for (const [refused, array] of [
    ['r1:j1', '0-3'],
    ['r1:h1', '0-3'],
    ['r1:j2', '0-9'],
  ] as const) {
    const slurm = fakeSlurm(t, { maxArraySize: 4 });
    slurm.write('refuse', refused);
    const chain = new Chain(slurm);
    const ran = await chain.start(array);
    t.match(
      ran,
      { status: 1, stdout: '', stderr: /^mem-escalate: error: sbatch: .*Invalid account/ },
      refused,
    );
    t.same(slurm.lines('queue'), [], 'no held job either');
    t.same([readdirSync(chain.tracker.checkpoints), readdirSync(chain.tracker.chains)], [[], []]);
  }
});
