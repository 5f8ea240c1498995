import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import {
  chainOfCheckpoint,
  listChains,
  makeTracker,
  OpenChain,
  readCheckpoint,
  writeCheckpoint,
} from '../../lib/chain/open-chain.js';
import { type ChainPaths, TrackerPaths } from '../../lib/chain/paths.js';
import { CHAIN, checkpoint, ladder, level } from './plain-chain.js';

function tracker(t: Test): ChainPaths {
  const paths = new TrackerPaths(t.testdir({}));
  makeTracker(paths);
  return paths.chain(CHAIN);
}

function stored(t: Test, state = checkpoint()): ChainPaths {
  const paths = tracker(t);
  writeCheckpoint(paths, state);
  return paths;
}

t.test('a checkpoint comes back as it was written', async (t) => {
  const unlimited = ladder({ levels: [level({ time: 60 }), level({ time: Number.POSITIVE_INFINITY })] });
  const state = checkpoint({ ladder: unlimited });
  const paths = stored(t, state);
  t.same(readCheckpoint(paths), state);
  t.equal(readCheckpoint(paths).ladder.levels[1]?.time, Number.POSITIVE_INFINITY, 'no limit is no null');
  t.same(chainOfCheckpoint(paths.checkpoint), paths);
});

t.test('every write is the next state', async (t) => {
  const paths = stored(t);
  await OpenChain.with(paths, async (chain) => {
    chain.write({ state: 'blocked', reason: 'why' }, { round: 1, kind: 'blocked', text: 'why' });
    t.match(chain.checkpoint, { sequence: 1, state: 'blocked', events: [{ kind: 'blocked', round: 1 }] });
    chain.write({ state: 'active', reason: null });
  });
  const after = readCheckpoint(paths);
  t.match(after, { sequence: 2, state: 'active', reason: null, chain: CHAIN });
  t.equal(after.events.length, 1);
  t.ok(after.updatedAt > after.createdAt);
  t.same(
    readdirSync(paths.tracker.checkpoints),
    [`${CHAIN}.checkpoint`],
    'no lock and no temporary file stays',
  );
});

t.test('the lock is given back when the work fails', async (t) => {
  const paths = stored(t);
  const failed = new Error('work');
  await t.rejects(
    OpenChain.with(paths, async () => {
      throw failed;
    }),
    failed,
  );
  t.equal(await OpenChain.with(paths, async (chain) => chain.checkpoint.sequence), 0);
});

/** What stands in the file, and the message behind its name. */
const UNUSABLE: [string, string][] = [
  ['', 'not JSON, expected a checkpoint of version 1'],
  ['{"version":1', 'not JSON, expected a checkpoint of version 1'],
  ['null', 'not JSON, expected a checkpoint of version 1'],
  ['5', 'version undefined, expected a checkpoint of version 1'],
  ['{}', 'version undefined, expected a checkpoint of version 1'],
  [JSON.stringify({ ...checkpoint(), version: 2 }), 'version 2, expected a checkpoint of version 1'],
];

t.test('a checkpoint that this version does not read', async (t) => {
  for (const [text, message] of UNUSABLE) {
    const paths = tracker(t);
    writeFileSync(paths.checkpoint, text);
    const error = {
      name: 'AfterokError',
      code: 'checkpoint-unusable',
      message: `${paths.checkpoint}: ${message}`,
    };
    t.throws(() => readCheckpoint(paths), error, text);
    await t.rejects(
      OpenChain.with(paths, async () => t.fail('nothing is done with it')),
      error,
    );
    t.equal(readFileSync(paths.checkpoint, 'utf8'), text, 'nor to it');
  }
  const paths = tracker(t);
  mkdirSync(paths.checkpoint);
  t.throws(() => readCheckpoint(paths), { code: 'checkpoint-unusable', message: /EISDIR/ });
});

t.test('a chain that is not there', async (t) => {
  const paths = tracker(t);
  const error = {
    code: 'unknown-chain',
    exitCode: 2,
    message: `no chain ${CHAIN} in ${paths.tracker.checkpoints}`,
  };
  t.throws(() => readCheckpoint(paths), error);
  await t.rejects(
    OpenChain.with(paths, async () => {}),
    error,
  );
  t.same(readdirSync(paths.tracker.checkpoints), [], 'nothing is made of it');
});

t.test('the chains of a tracker', async (t) => {
  const paths = tracker(t);
  const newer = '20260101-000000-aaaa';
  for (const name of [
    `${newer}.checkpoint`,
    `${CHAIN}.checkpoint`,
    'notes.txt',
    'x.checkpoint',
    `${CHAIN}.checkpoint.1.tmp`,
  ]) {
    writeFileSync(`${paths.tracker.checkpoints}/${name}`, '');
  }
  mkdirSync(`${paths.checkpoint}.lock`);
  t.same(listChains(paths.tracker), [CHAIN, newer]);
  t.same(listChains(new TrackerPaths(`${paths.tracker.tracker}/none`)), []);
  writeFileSync(`${paths.tracker.tracker}/file`, '');
  t.throws(() => makeTracker(new TrackerPaths(`${paths.tracker.tracker}/file`)), {
    code: 'tracker-unusable',
  });
  t.throws(() => listChains(new TrackerPaths(`${paths.tracker.tracker}/file`)), { code: 'tracker-unusable' });
});

t.test('when the new state cannot be written the old one stays', async (t) => {
  const paths = stored(t);
  const before = readFileSync(paths.checkpoint, 'utf8');
  mkdirSync(`${paths.checkpoint}.${process.pid}.tmp`);
  await OpenChain.with(paths, async (chain) => {
    t.throws(() => chain.write({ state: 'blocked' }), {
      code: 'tracker-unusable',
      exitCode: 1,
      message: /^cannot write .*checkpoint: /,
      hint: /the state before is intact; .*mem-escalate --resume/,
    });
    t.match(chain.checkpoint, { state: 'active', sequence: 0 });
  });
  t.equal(readFileSync(paths.checkpoint, 'utf8'), before);
});

// The tests from here on wait for processes of their own, side by side.
t.jobs = 3;

/** What the children run: `$MODULE` is the module under test. */
const DRIVER = `
const { OpenChain, chainOfCheckpoint } = await import(process.env.MODULE);
const { setTimeout: sleep } = await import('node:timers/promises');
await OpenChain.with(chainOfCheckpoint(process.env.CHECKPOINT), async (chain) => {
  console.log('locked');
  WORK
});
console.log('done');
`;

const MODULE = new URL('../../lib/chain/open-chain.js', import.meta.url).href;

const childEnv = (paths: ChainPaths) => ({
  ...process.env,
  MODULE,
  CHECKPOINT: paths.checkpoint,
  AFTEROK_LOCK_STALE: '2',
});

function child(paths: ChainPaths, work: string): ChildProcess {
  const code = DRIVER.replace('WORK', work);
  return spawn(process.execPath, ['--input-type=module', '-e', code], { env: childEnv(paths) });
}

t.test('a disk that fills up in the middle of a write', async (t) => {
  const paths = stored(t);
  const before = readFileSync(paths.checkpoint, 'utf8');
  const work = 'chain.write({ reason: "x".repeat(200_000) });';
  // A limit on the size of files, 64 blocks of 1 KiB, ends the write as a full disk would: with a part written.
  const { stderr, status } = spawnSync(
    '/bin/bash',
    [
      '-c',
      'unset NODE_OPTIONS; ulimit -f 64; exec "$@"',
      'bash',
      process.execPath,
      '--input-type=module',
      '-e',
      DRIVER.replace('WORK', work),
    ],
    { env: childEnv(paths), encoding: 'utf8' },
  );
  t.match(stderr, /cannot write .*EFBIG/);
  t.not(status, 0);
  t.equal(readFileSync(paths.checkpoint, 'utf8'), before);
  t.same(readdirSync(paths.tracker.checkpoints), [`${CHAIN}.checkpoint`], 'the part is removed');
});

t.test('two processes take turns', { buffered: true }, async (t) => {
  const paths = stored(t);
  const add = `for (let turn = 0; turn < 5; turn += 1) {
    chain.write({}, { round: 1, kind: 'turn', text: String(process.pid) });
    await sleep(20);
  }`;
  const children = [child(paths, add), child(paths, add), child(paths, add)];
  const codes = await Promise.all(children.map(async (process) => (await once(process, 'exit'))[0]));
  t.same(codes, [0, 0, 0]);
  const { events, sequence } = readCheckpoint(paths);
  t.equal(sequence, 15, 'no write is lost');
  const changes = events.filter((event, at) => event.text !== events[at - 1]?.text);
  t.equal(changes.length, 3, 'each did its whole step alone');
});

t.test('the lock of a process that was killed is taken over', { buffered: true }, async (t) => {
  const paths = stored(t);
  const holder = child(paths, 'await sleep(60_000);');
  if (holder.stdout !== null) await once(holder.stdout, 'data');
  t.ok(existsSync(`${paths.checkpoint}.lock`));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const started = Date.now();
  const next = child(paths, "chain.write({ reason: 'taken over' });");
  t.equal((await once(next, 'exit'))[0], 0);
  t.equal(readCheckpoint(paths).reason, 'taken over');
  t.ok(Date.now() - started < 20_000);
});

t.test('the lock of a living process is not', { buffered: true }, async (t) => {
  const paths = stored(t);
  const holder = child(paths, "await sleep(2600); chain.write({ reason: 'first' });");
  if (holder.stdout !== null) await once(holder.stdout, 'data');
  await sleep(50);
  const next = child(paths, "chain.write({ reason: chain.checkpoint.reason + ', second' });");
  t.same(await Promise.all([holder, next].map(async (process) => (await once(process, 'exit'))[0])), [0, 0]);
  t.equal(readCheckpoint(paths).reason, 'first, second');
});
