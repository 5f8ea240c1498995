import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import t from 'tap';
import { AfterokError } from '../../lib/errors.js';
import { History } from '../../lib/store/history/history.js';
import { DatabaseFile } from '../../lib/store/history/open.js';
import { removeDatabase, replaceDatabase } from '../../lib/store/history/replace.js';
import type { ChainPicture, TaskRow } from '../../lib/store/history/rows.js';

const run = promisify(execFile);

function task(change: Partial<TaskRow> = {}): TaskRow {
  return {
    round: 1,
    taskIndex: 0,
    level: 0,
    bucket: 'completed',
    state: 'COMPLETED',
    jobId: '7_0',
    exitCode: 0,
    signal: 0,
    node: 'd1',
    elapsedSeconds: 1,
    maxRssBytes: null,
    startedAt: 1,
    endedAt: 2.5,
    ...change,
  };
}

function picture(
  change: Partial<ChainPicture> = {},
  chain: Partial<ChainPicture['chain']> = {},
): ChainPicture {
  return {
    chain: {
      chain: 'a',
      sequence: 1,
      state: 'active',
      reason: null,
      user: 'ada',
      script: '/job.sh',
      scriptSha256: 'abc',
      cwd: '/',
      ladder: '/ladder.yaml',
      array: '0-1',
      tasks: 2,
      createdAt: 1,
      updatedAt: 1,
      ...chain,
    },
    rounds: [
      {
        round: 1,
        phase: 'finished',
        tasks: 2,
        levels: '0',
        jobIds: '7',
        handlerIds: '8,9',
        startedAt: 1,
        finishedAt: 3,
      },
    ],
    tasks: [task(), task({ taskIndex: 1, bucket: 'failed', state: 'FAILED', exitCode: 1, jobId: null })],
    events: [{ at: 1, round: 1, kind: 'created', text: '' }],
    ...change,
  };
}

function withHistory<T>(path: string, work: (history: History) => T): T {
  const history = History.open(path);
  try {
    return work(history);
  } finally {
    history.close();
  }
}

const unusable = (message: RegExp) => ({ name: 'AfterokError', code: 'database-unusable', message });

t.test('a new database: rollback journal, foreign keys, its version recorded', async (t) => {
  const path = `${t.testdir()}/h.db`;
  for (const _ of ['created', 'opened again']) {
    const file = DatabaseFile.open(path);
    const setting = (name: string) => file.connection.pragma(name, { simple: true });
    t.equal(setting('journal_mode'), 'delete');
    t.equal(setting('foreign_keys'), 1);
    t.equal(setting('busy_timeout'), 10_000);
    t.equal(setting('user_version'), 1);
    t.equal(setting('integrity_check'), 'ok');
    file.close();
  }
  t.strictSame(readdirSync(t.testdirName), ['h.db']);
});

t.test('what is recorded is read back; the same and older pictures change nothing', async (t) => {
  const path = `${t.testdir()}/h.db`;
  withHistory(path, (history) => {
    t.equal(history.picture('a'), null);
    t.equal(history.record(picture({}, { sequence: 5 })), 'recorded');
    t.strictSame(history.picture('a'), picture({}, { sequence: 5 }));
    t.strictSame([...history.recordedRounds('a')], [1]);
    t.strictSame(history.counts(), { chains: 1, tasks: 2 });
  });
  const before = readFileSync(path);
  withHistory(path, (history) => {
    t.equal(history.record(picture({}, { sequence: 5, state: 'failed' })), 'current');
    t.equal(history.record(picture({ events: [] }, { sequence: 4 })), 'current');
  });
  t.ok(readFileSync(path).equals(before), 'not one byte');
  withHistory(path, (history) => {
    t.equal(history.record(picture({ tasks: [] }, { sequence: 6, state: 'failed' })), 'recorded');
    t.strictSame(history.picture('a'), picture({}, { sequence: 6, state: 'failed' }));
  });
});

t.test('a picture that breaks a rule is refused whole', async (t) => {
  const path = `${t.testdir()}/h.db`;
  const [round] = picture().rounds;
  const broken: Record<string, ChainPicture> = {
    'success that Slurm did not report': picture({ tasks: [task({ state: 'TIMEOUT' })] }),
    'unlisted bucket': picture({ tasks: [task({ bucket: 'lost' })] }),
    'attempt of no round': picture({ tasks: [task({ round: 2 })] }),
    'unlisted chain state': picture({}, { state: 'stalled' }),
    'finished without an end': picture({ rounds: round ? [{ ...round, finishedAt: null }] : [] }),
    'end of a round that goes on': picture({ rounds: round ? [{ ...round, phase: 'running' }] : [] }),
  };
  withHistory(path, (history) => {
    for (const [name, value] of Object.entries(broken)) {
      t.throws(() => history.record(value), unusable(/CHECK|FOREIGN KEY/), name);
      t.equal(history.picture('a'), null, name);
    }
    t.throws(() => history.record(picture({}, { user: undefined as never })), unusable(/cannot use/));
  });
});

t.test('a newer database is left alone', async (t) => {
  const path = `${t.testdir()}/h.db`;
  withHistory(path, () => {});
  const raw = new Database(path);
  raw.pragma('user_version = 99');
  raw.close();
  const before = readFileSync(path);
  t.throws(() => History.open(path), unusable(/h\.db has schema version 99, this program knows 1/));
  const fresh = `${t.testdirName}/fresh.db`;
  withHistory(fresh, () => {});
  t.throws(() => replaceDatabase(fresh, path), unusable(/version 99/));
  t.ok(readFileSync(path).equals(before));
});

t.test('locked by another connection', async (t) => {
  const path = `${t.testdir()}/h.db`;
  const history = History.open(path, 0.05);
  t.teardown(() => history.close());
  const other = new Database(path);
  t.teardown(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const locked = { ...unusable(/locked by another process/), hint: 'try again in a moment' };
  t.throws(() => history.record(picture()), locked);
  other.exec('COMMIT; BEGIN EXCLUSIVE');
  t.throws(() => history.recordedRounds('a'), locked);
  t.throws(() => History.open(path, 0.05), locked);
  t.throws(() => replaceDatabase(`${path}.tmp`, path, 0.05), locked);
  other.exec('COMMIT');
  t.equal(history.record(picture()), 'recorded');
});

t.test('what is no database, and where there can be none', async (t) => {
  const folder = t.testdir({ 'text.db': 'x'.repeat(8192), folder: {} });
  t.throws(() => History.open(`${folder}/text.db`), {
    ...unusable(/damaged or not a database/),
    hint: /--rebuild-db/,
  });
  for (const path of [`${folder}/none/h.db`, `${folder}/folder`]) {
    try {
      History.open(path);
      t.fail('opened');
    } catch (error) {
      t.match(error, unusable(/cannot use/));
      t.ok(error instanceof AfterokError && error.cause instanceof Error, 'with its cause');
    }
  }
});

t.test('processes that create one database at the same time', async (t) => {
  const path = `${t.testdir()}/h.db`;
  const store = new URL('../../lib/store/history/history.js', import.meta.url).href;
  const script = `
    import { History } from ${JSON.stringify(store)};
    const history = History.open(${JSON.stringify(path)});
    history.record({ ...${JSON.stringify(picture())}, chain: { ...${JSON.stringify(picture().chain)}, chain: process.argv[1] } });
    history.close();`;
  const chains = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all(
    chains.map((chain) => run(process.execPath, ['--input-type=module', '-e', script, chain])),
  );
  withHistory(path, (history) => {
    t.strictSame(history.counts(), { chains: 6, tasks: 12 });
  });
});

t.test('a file that has lost its name is not written to', async (t) => {
  const path = `${t.testdir()}/h.db`;
  const old = History.open(path);
  t.teardown(() => old.close());
  old.record(picture());
  const fresh = `${t.testdirName}/fresh.db`;
  withHistory(fresh, (history) => history.record(picture({}, { chain: 'b' })));
  replaceDatabase(fresh, path);
  t.equal(old.record(picture({}, { sequence: 2 })), 'replaced');
  t.equal(old.picture('a')?.chain.sequence, 1);
  t.strictSame(readdirSync(t.testdirName), ['h.db']);
  withHistory(path, (history) => {
    t.equal(history.picture('a'), null);
    t.strictSame(history.picture('b'), picture({}, { chain: 'b' }));
  });
});

t.test('a damaged database is replaced, with the journal that lies beside it', async (t) => {
  const path = `${t.testdir({ 'h.db': 'x'.repeat(8192), 'h.db-journal': 'y'.repeat(8192) })}/h.db`;
  const fresh = `${t.testdirName}/fresh.db`;
  withHistory(fresh, (history) => history.record(picture()));
  replaceDatabase(fresh, path);
  t.strictSame(readdirSync(t.testdirName), ['h.db']);
  withHistory(path, (history) => t.strictSame(history.picture('a'), picture()));
  writeFileSync(`${path}-journal`, '');
  removeDatabase(path);
  t.strictSame(readdirSync(t.testdirName), []);
});

t.test('a folder that cannot be written', { skip: process.getuid?.() === 0 && 'root may' }, async (t) => {
  const folder = t.testdir({ closed: {} });
  chmodSync(`${folder}/closed`, 0o500);
  t.throws(() => History.open(`${folder}/closed/h.db`), unusable(/cannot use/));
  t.notOk(existsSync(`${folder}/closed/h.db`));
});
