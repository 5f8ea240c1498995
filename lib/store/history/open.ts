import { closeSync, openSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { databaseError } from '../database-error.js';
import { HISTORY_DATABASE } from '../database-kind.js';
import { migrate } from '../migrate.js';

/** Seconds that a statement waits for the lock of another process. */
const BUSY_PATIENCE = 10;

/** Nothing was written: another file has taken the name since this one was opened. */
export const REPLACED = Symbol('replaced');

/** An open database, and which file it is: a rebuild puts another one under the same name. */
export class DatabaseFile {
  private constructor(
    readonly path: string,
    readonly connection: Database.Database,
    private readonly identity: string,
  ) {}

  /**
   * Opens the database, creates it if there is none, and brings its schema up to date.
   *
   * @param patience seconds to wait for other processes
   * @throws AfterokError when it cannot be used, or is newer than this program
   */
  static open(path: string, patience = BUSY_PATIENCE): DatabaseFile {
    for (;;) {
      const file = DatabaseFile.connect(path, patience);
      try {
        const result = migrate(file.connection, HISTORY_DATABASE, path, (work) => file.write(work));
        if (result !== REPLACED) return file;
      } catch (error) {
        file.close();
        throw databaseError(HISTORY_DATABASE, path, error);
      }
      file.close();
    }
  }

  private static connect(path: string, patience: number): DatabaseFile {
    let connection: Database.Database | undefined;
    try {
      closeSync(openSync(path, 'a'));
      // Before it is opened: a file that takes the name in between is then noticed, not mistaken for this one.
      const identity = identityOf(path);
      connection = new Database(path, { timeout: patience * 1000 });
      // WAL needs memory shared between all who have the file open: between nodes of a cluster there is none.
      connection.pragma('journal_mode = DELETE');
      connection.pragma('foreign_keys = ON');
      return new DatabaseFile(path, connection, identity);
    } catch (error) {
      connection?.close();
      throw databaseError(HISTORY_DATABASE, path, error);
    }
  }

  /**
   * Runs `work` in one transaction that holds the write lock from its beginning. A file that has lost its name must
   * not be written to: its rollback journal would lie beside the new file, which SQLite would take it for.
   */
  write<T>(work: () => T): T | typeof REPLACED {
    const guarded = () => (identityOf(this.path) === this.identity ? work() : REPLACED);
    return this.connection.transaction(guarded).immediate();
  }

  close(): void {
    this.connection.close();
  }
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
