import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t from 'tap';
import { CHAIN_STATES, type ChainState, ROUND_PHASES } from '../../lib/chain/checkpoint.js';
import { rebuildHistory, recordChain } from '../../lib/chain/history.js';
import { TrackerPaths } from '../../lib/chain/paths.js';
import { History } from '../../lib/store/history/history.js';
import type { ChainPicture } from '../../lib/store/history/rows.js';
import {
  type Ending,
  SIMULATED_ID,
  type SimulatedChain,
  simulateChain,
  writeChain,
} from '../report/simulated-chain.js';

const COMPLETED: Ending = { state: 'COMPLETED' };
const OOM: Ending = { state: 'OUT_OF_MEMORY', exit: '0:125' };

/** Every third task climbs one level, every ninth two; every fifth has a bug. */
function ending(index: number, round: number): Ending {
  if (index % 5 === 0) return { state: 'FAILED', exit: '1:0' };
  return index % 3 ** round === 0 ? OOM : COMPLETED;
}

const ids = ['20251224-053904-t0l3', '20251225-000000-0000', '20251226-000000-zzzz'];

function tracker(folder: string, ...chains: SimulatedChain[]): TrackerPaths {
  const paths = new TrackerPaths(folder);
  for (const chain of chains) writeChain(paths, chain);
  return paths;
}

function pictures(database: string, ...chains: string[]): (ChainPicture | null)[] {
  const history = History.open(database);
  try {
    return chains.map((chain) => history.picture(chain));
  } finally {
    history.close();
  }
}

t.test('recorded after each step, or once at the end, or anew: the same', async (t) => {
  const folder = t.testdir({ stepwise: {}, once: {} });
  const stepwise = new TrackerPaths(join(folder, 'stepwise'));
  for (const decided of [0, 1, 2, undefined]) {
    const step = simulateChain({ ending, ...(decided === undefined ? {} : { decided }) });
    writeChain(stepwise, step);
    await recordChain(stepwise.chain(SIMULATED_ID), step.checkpoint);
  }
  const chain = simulateChain({ ending });
  const once = tracker(join(folder, 'once'), chain);
  await recordChain(once.chain(SIMULATED_ID), chain.checkpoint);
  const expected = pictures(once.database, SIMULATED_ID);
  t.equal(expected[0]?.tasks.length, 30 + 8 + 3 + 1);
  t.strictSame(pictures(stepwise.database, SIMULATED_ID), expected);
  for (const paths of [stepwise, once]) {
    const { chains, tasks, warnings } = await rebuildHistory(paths);
    t.strictSame({ chains, tasks, warnings }, { chains: 1, tasks: 42, warnings: [] });
    t.strictSame(pictures(paths.database, SIMULATED_ID), expected);
  }
});

t.test('recorded twice, or late: nothing changes', async (t) => {
  const chain = simulateChain({ ending });
  const paths = tracker(t.testdir(), chain);
  await recordChain(paths.chain(SIMULATED_ID), chain.checkpoint);
  const before = readFileSync(paths.database);
  await recordChain(paths.chain(SIMULATED_ID), chain.checkpoint);
  await recordChain(paths.chain(SIMULATED_ID), simulateChain({ ending, decided: 1 }).checkpoint);
  t.ok(readFileSync(paths.database).equals(before));
});

t.test('an attempt and its chain, column by column', async (t) => {
  const chain = simulateChain({ ending });
  const paths = tracker(t.testdir(), chain);
  await recordChain(paths.chain(SIMULATED_ID), chain.checkpoint);
  const [picture] = pictures(paths.database, SIMULATED_ID);
  t.match(picture?.chain, { chain: SIMULATED_ID, state: 'failed', script: '/home/ada/job.sh', tasks: 30 });
  t.strictSame(picture?.rounds[1], {
    round: 2,
    phase: 'finished',
    tasks: 8,
    levels: '1',
    jobIds: '200',
    handlerIds: '250,251',
    startedAt: 2000,
    finishedAt: 2500,
  });
  t.strictSame(
    picture?.tasks.find((task) => task.round === 1 && task.taskIndex === 3),
    {
      round: 1,
      taskIndex: 3,
      level: 0,
      bucket: 'retrying',
      state: 'OUT_OF_MEMORY',
      jobId: '100_3',
      exitCode: 0,
      signal: 125,
      node: 'd1',
      elapsedSeconds: 5,
      maxRssBytes: 2 ** 20,
      startedAt: 1000,
      endedAt: 1005,
    },
  );
  t.strictSame(picture?.events, chain.checkpoint.events);
});

t.test('every state and phase of a chain can be stored', async (t) => {
  const { checkpoint } = simulateChain({ decided: 0, ending });
  const paths = tracker(t.testdir());
  let sequence = 10;
  const folder = new TrackerPaths(t.testdirName);
  for (const state of Object.keys(CHAIN_STATES) as ChainState[]) {
    for (const phase of ROUND_PHASES.filter((phase) => phase !== 'finished')) {
      const rounds = checkpoint.rounds.map((round) => ({ ...round, phase }));
      await recordChain(paths.chain(SIMULATED_ID), { ...checkpoint, state, rounds, sequence });
      const [picture] = pictures(folder.database, SIMULATED_ID);
      t.strictSame([picture?.chain.state, picture?.rounds[0]?.phase], [state, phase]);
      sequence += 1;
    }
  }
});

t.test('evidence that is missing is not made up, buckets stay', async (t) => {
  const chain = simulateChain({
    array: '0-3',
    memory: ['1G'],
    ending: (index) => (index < 2 ? COMPLETED : null),
  });
  const paths = tracker(t.testdir(), chain);
  await recordChain(paths.chain(SIMULATED_ID), chain.checkpoint);
  const words = () =>
    pictures(paths.database, SIMULATED_ID)[0]?.tasks.map(({ bucket, state, node }) => [bucket, state, node]);
  t.strictSame(words(), [
    ['completed', 'COMPLETED', 'd1'],
    ['completed', 'COMPLETED', 'd1'],
    ['unknown', 'UNKNOWN', null],
    ['unknown', 'UNKNOWN', null],
  ]);
  rmSync(paths.chain(SIMULATED_ID).outcomes(1));
  await rebuildHistory(paths);
  t.strictSame(words()?.[0], ['completed', 'UNKNOWN', null]);
});

t.test('an outcome file of a round that is not decided says nothing yet', async (t) => {
  const { checkpoint } = simulateChain({ decided: 1, ending });
  const { outcomes } = simulateChain({ ending });
  const paths = tracker(t.testdir(), { checkpoint, outcomes });
  await recordChain(paths.chain(SIMULATED_ID), checkpoint);
  t.equal(pictures(paths.database, SIMULATED_ID)[0]?.tasks.length, 30);
});

t.test('an outcome file that cannot be read', async (t) => {
  const chain = simulateChain({ ending });
  const paths = tracker(t.testdir(), chain);
  writeFileSync(paths.chain(SIMULATED_ID).outcomes(2), '{"index":');
  await t.rejects(recordChain(paths.chain(SIMULATED_ID), chain.checkpoint), {
    code: 'checkpoint-unusable',
    message: /cannot read how its tasks ended/,
  });
  t.equal(pictures(paths.database, SIMULATED_ID)[0], null);
});

t.test('history switched off, or elsewhere', async (t) => {
  const history = (database: string | null, enabled = true) => ({ enabled, database });
  const [off = '', elsewhere = '', here = ''] = ids;
  const chains = [
    simulateChain({ chain: off, ending, history: history(null, false) }),
    simulateChain({ chain: elsewhere, ending, history: history('other.db') }),
    simulateChain({ chain: here, ending }),
  ];
  const paths = tracker(t.testdir(), ...chains);
  for (const { checkpoint } of chains) await recordChain(paths.chain(checkpoint.chain), checkpoint);
  const other = join(paths.tracker, 'other.db');
  const found = () => [
    pictures(paths.database, ...ids).map((picture) => picture !== null),
    pictures(other, ...ids).map((picture) => picture !== null),
  ];
  const expected = [
    [false, false, true],
    [false, true, false],
  ];
  t.strictSame(found(), expected);
  rmSync(other);
  t.match(await rebuildHistory(paths), { chains: 1, warnings: [] });
  t.strictSame(found(), expected);
  writeFileSync(other, 'x'.repeat(4096));
  const { warnings } = await rebuildHistory(paths);
  t.match(warnings, [/0000 left out: .*other\.db is damaged/]);
});

t.test('chains that cannot be read are left out, and named', async (t) => {
  const paths = tracker(t.testdir(), simulateChain({ ending }));
  const file = (id: string) => paths.chain(id).checkpoint;
  const whole = JSON.parse(readFileSync(file(SIMULATED_ID), 'utf8')) as object;
  const broken: Record<string, string> = {
    '20251225-000000-0001': '{"version": 1',
    '20251225-000000-0002': JSON.stringify({ ...whole, version: 99 }),
    '20251225-000000-0003': '{"version": 1}',
    '20251225-000000-0004': JSON.stringify({ ...whole, chain: '20251225-000000-0004', state: 'odd' }),
    '20251225-000000-0005': JSON.stringify({ ...whole, chain: '20251225-000000-0005', user: undefined }),
    '20251225-000000-0006': JSON.stringify({ ...whole, rounds: null }),
  };
  for (const [id, text] of Object.entries(broken)) writeFileSync(file(id), text);
  const seen: string[] = [];
  const { chains, warnings } = await rebuildHistory(paths, (id) => seen.push(id));
  t.equal(chains, 1);
  t.strictSame(seen, [SIMULATED_ID, ...Object.keys(broken)]);
  t.strictSame(
    warnings.map((warning) => warning.split(' ')[1]),
    Object.keys(broken),
  );
  t.match(warnings, [/not JSON/, /version 99/, / left out: /, /CHECK/, / left out: /, / left out: /]);
  t.notOk(readdirSync(paths.tracker).some((name) => name.endsWith('.tmp')));
});

t.test('a damaged database is made anew', async (t) => {
  const chain = simulateChain({ ending });
  const paths = tracker(t.testdir(), chain);
  writeFileSync(paths.database, 'x'.repeat(8192));
  await t.rejects(recordChain(paths.chain(SIMULATED_ID), chain.checkpoint), { code: 'database-unusable' });
  t.match(await rebuildHistory(paths), { chains: 1, tasks: 42, warnings: [] });
  await recordChain(paths.chain(SIMULATED_ID), chain.checkpoint);
});

t.test('a rebuild that fails leaves the old database as it was', async (t) => {
  const paths = tracker(t.testdir(), simulateChain({ ending }));
  await rebuildHistory(paths);
  const raw = new Database(paths.database);
  raw.pragma('user_version = 99');
  raw.close();
  const before = readFileSync(paths.database);
  await t.rejects(rebuildHistory(paths), { code: 'database-unusable', message: /schema version 99/ });
  t.ok(readFileSync(paths.database).equals(before));
  t.strictSame(readdirSync(paths.tracker).sort(), ['chains', 'checkpoints', 'escalation.db']);
});

t.test('a tracker without chains, and none at all', async (t) => {
  const empty = new TrackerPaths(t.testdir());
  t.strictSame(await rebuildHistory(empty), { chains: 0, tasks: 0, warnings: [] });
  const none = new TrackerPaths(join(t.testdirName, 'none'));
  await t.rejects(rebuildHistory(none), { code: 'database-unusable' });
  t.notOk(existsSync(none.tracker));
});

t.test('10,500 tasks', async (t) => {
  const chain = simulateChain({ array: '0-10499', ending });
  const paths = tracker(t.testdir(), chain);
  // The processor's time, not the clock's: the machine may be busy with other things.
  const before = process.cpuUsage();
  await recordChain(paths.chain(SIMULATED_ID), chain.checkpoint);
  const { user, system } = process.cpuUsage(before);
  t.ok(user + system < 1_000_000, `${Math.round((user + system) / 1000)} ms`);
  const [picture] = pictures(paths.database, SIMULATED_ID);
  const attempts = chain.checkpoint.rounds.map(({ jobs }) => jobs.reduce((sum, job) => sum + job.count, 0));
  t.equal(attempts[0], 10_500);
  t.equal(
    picture?.tasks.length,
    attempts.reduce((sum, count) => sum + count, 0),
  );
  t.match(await rebuildHistory(paths), { chains: 1, tasks: picture?.tasks.length });
  t.strictSame(pictures(paths.database, SIMULATED_ID), [picture]);
});
