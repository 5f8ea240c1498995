import Database from 'better-sqlite3';
import { useWriteAheadLog } from '../../sqlite-wal.js';
import { databaseError } from '../database-error.js';
import { WORKFLOW_DATABASE } from '../database-kind.js';
import { migrate } from '../migrate.js';

/** Milliseconds that a statement waits for another process: `torc` may look in, or a second server be started. */
const PATIENCE = 45_000;

/** Pages of the log that are written back to the file at once, which waits for the disk: 40 MiB. */
const CHECKPOINT = 10_000;

/** KiB. The indices of a million dependencies fit; what is not used is not taken. */
const CACHE = 128 * 1024;

/**
 * The server's database. One process writes it, in short transactions that hold the write lock from their beginning;
 * statements are prepared once, at first use.
 */
export class WorkflowDatabase {
  private readonly statements = new Map<string, Database.Statement>();

  private constructor(private readonly connection: Database.Database) {}

  /**
   * Opens the database, creates it if there is none, and brings its schema up to date.
   *
   * @param path a file on a local disk, or `:memory:`
   * @throws AfterokError when it cannot be used, or is newer than this program
   */
  static open(path: string): WorkflowDatabase {
    let connection: Database.Database | undefined;
    try {
      connection = new Database(path, { timeout: PATIENCE });
      useWriteAheadLog(connection, PATIENCE);
      // With WAL, a power failure may take the last transactions along but never spoils the file; a dead process
      // loses nothing.
      connection.pragma('synchronous = NORMAL');
      connection.pragma(`wal_autocheckpoint = ${CHECKPOINT}`);
      connection.pragma('foreign_keys = ON');
      connection.pragma(`cache_size = -${CACHE}`);
      const opened = connection;
      migrate(opened, WORKFLOW_DATABASE, path, (work) => opened.transaction(work).immediate());
      return new WorkflowDatabase(opened);
    } catch (error) {
      connection?.close();
      throw databaseError(WORKFLOW_DATABASE, path, error);
    }
  }

  /** The statement of this text, which must be one of ours and never hold data. */
  prepare(sql: string): Database.Statement {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.connection.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }

  /** Runs `work` in one transaction, or as part of the one that is open. Must not wait for anything. */
  write<T>(work: () => T): T {
    if (this.connection.inTransaction) return work();
    this.prepare('BEGIN IMMEDIATE').run();
    try {
      const value = work();
      this.prepare('COMMIT').run();
      return value;
    } catch (error) {
      // SQLite has rolled back already after some errors: a full disk, a broken file.
      if (this.connection.inTransaction) this.prepare('ROLLBACK').run();
      throw error;
    }
  }

  /** Runs a part of the transaction that is open: when it throws, only that part is undone. */
  part<T>(work: () => T): T {
    this.prepare('SAVEPOINT part').run();
    try {
      return work();
    } catch (error) {
      if (this.connection.inTransaction) this.prepare('ROLLBACK TO part').run();
      throw error;
    } finally {
      if (this.connection.inTransaction) this.prepare('RELEASE part').run();
    }
  }

  /** @throws SqliteError when the database can no longer be read */
  check(): void {
    this.prepare('SELECT 1').get();
  }

  close(): void {
    this.connection.close();
  }
}
