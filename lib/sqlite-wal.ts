import Database from 'better-sqlite3';

/** Milliseconds between two tries. */
const PAUSE = 5;

/**
 * Lets a database keep a write-ahead log. Done by two processes at the same moment, to a file that has none yet, SQLite
 * refuses one of them at once, however long it may wait for locks; so this tries again.
 *
 * @param patience milliseconds
 * @throws SqliteError, of busyness when that lasts longer
 */
export function useWriteAheadLog(db: Database.Database, patience: number): void {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const isBusy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!isBusy || Date.now() > deadline) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
}
