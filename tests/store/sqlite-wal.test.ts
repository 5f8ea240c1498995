import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { t } from 'tap';
import { useWriteAheadLog } from '../../lib/sqlite-wal.js';

/** Holds a new database for so many milliseconds, as another process does that is about to make it. */
const HOLDER = `
  const db = new (require('better-sqlite3'))(process.argv[1]);
  db.exec('BEGIN EXCLUSIVE');
  console.log('held');
  setTimeout(() => db.exec('COMMIT'), Number(process.argv[2]));
`;

t.test('A database that another process is making is waited for, but not for ever', async (t) => {
  const path = join(t.testdir(), 'new.db');
  const holder = spawn(process.execPath, ['-e', HOLDER, path, '400'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  await once(holder.stdout, 'data');
  // As SQLite answers when both switch at once: without any waiting of its own.
  const db = new Database(path, { timeout: 0 });
  t.teardown(() => db.close());
  t.throws(() => useWriteAheadLog(db, 20), { code: 'SQLITE_BUSY' });
  useWriteAheadLog(db, 60_000);
  t.equal(db.pragma('journal_mode', { simple: true }), 'wal');
  await ended;
});

t.test('What is no busyness is told at once', async (t) => {
  const db = new Database(join(t.testdir(), 'closed.db'));
  db.close();
  t.throws(() => useWriteAheadLog(db, 60_000), /not open/);
});
