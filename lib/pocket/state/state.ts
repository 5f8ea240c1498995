import { chmodSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AfterokError } from '../../errors.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { useWriteAheadLog } from '../../sqlite-wal.js';
import { type Clock, scaledClock } from '../clock.js';
import type { Cluster } from '../cluster.js';
import { clusterFromJson, clusterToJson } from './cluster-json.js';
import { makeStateFolder, stateFolder } from './folder.js';

/** Of schema.sql; a file with a higher one was written by a newer version. */
const SCHEMA_VERSION = 1;

/** Milliseconds that a statement waits for another process. */
const PATIENCE = 20_000;

/** What is decided when a state is made, and holds as long as it lives. */
interface Foundation {
  cluster: Cluster;
  /** Seconds of the scheduler for one of the machine. */
  timeScale: number;
}

/**
 * The truth of pocket Slurm: one SQLite file, shared by commands, daemon and handlers of one user, or a database in
 * memory for tests.
 */
export class PocketState {
  private readonly statements = new Map<string, Database.Statement>();

  private constructor(
    readonly db: Database.Database,
    readonly cluster: Cluster,
    readonly clock: Clock,
    /** Null for a state in memory. */
    readonly folder: string | null,
  ) {}

  /**
   * Opens the state that this environment names (AFTEROK_POCKET_STATE), and makes it where there is none: of the
   * cluster file in AFTEROK_POCKET_CLUSTER, or the default one, and with AFTEROK_TIME_SCALE.
   *
   * @throws AfterokError when folder, file or cluster file cannot be used
   */
  static async open(env: NodeJS.ProcessEnv): Promise<PocketState> {
    const folder = stateFolder(env);
    makeStateFolder(folder);
    const path = join(folder, 'state.db');
    const db = connect(path);
    try {
      if (version(db) === 0) create(db, await foundation(env), Date.now() / 1000);
      checkVersion(db, path);
      return PocketState.of(db, folder);
    } catch (error) {
      db.close();
      throw stateError(path, error);
    }
  }

  /** A state without a file, for tests and simulations: time is theirs. */
  static inMemory(cluster: Cluster, clock: Clock): PocketState {
    const db = new Database(':memory:');
    db.pragma('foreign_keys = ON');
    create(db, { cluster, timeScale: 1 }, clock.now());
    return new PocketState(db, cluster, clock, null);
  }

  private static of(db: Database.Database, folder: string): PocketState {
    const read = (name: string) => {
      const row = db
        .prepare<[string], { value: string }>('SELECT value FROM setting WHERE name = ?')
        .get(name);
      if (row === undefined) throw new Error(`no setting ${name}`);
      return row.value;
    };
    const clock = scaledClock(Number(read('origin')), Number(read('time_scale')));
    return new PocketState(db, clusterFromJson(read('cluster')), clock, folder);
  }

  /** A statement, prepared once. */
  sql<Row = unknown>(text: string): Database.Statement<unknown[], Row> {
    let statement = this.statements.get(text);
    if (statement === undefined) {
      statement = this.db.prepare(text);
      this.statements.set(text, statement);
    }
    return statement as Database.Statement<unknown[], Row>;
  }

  /**
   * Runs `work` in one transaction that holds the write lock from its beginning; within another, as a part of it.
   *
   * @throws AfterokError when the disk is full or another process does not let go of the lock
   */
  write<T>(work: () => T): T {
    if (this.db.inTransaction) return work();
    try {
      return this.db.transaction(work).immediate();
    } catch (error) {
      throw stateError(this.db.name, error);
    }
  }

  /** Runs queries that must see one moment. */
  read<T>(work: () => T): T {
    return this.db.inTransaction ? work() : this.db.transaction(work).deferred();
  }

  /** @returns null for one that was never set */
  setting(name: string): string | null {
    const row = this.sql<{ value: string }>('SELECT value FROM setting WHERE name = ?').get(name);
    return row?.value ?? null;
  }

  setSetting(name: string, value: string): void {
    this.sql('INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(
      name,
      value,
    );
  }

  /** How many of the scheduler's seconds pass in one of the machine's. */
  get timeScale(): number {
    return Number(this.setting('time_scale'));
  }

  close(): void {
    this.db.close();
  }
}

function connect(path: string): Database.Database {
  try {
    // Environments of jobs are in it.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    const db = new Database(path, { timeout: PATIENCE });
    useWriteAheadLog(db, PATIENCE);
    // A crash of the machine takes the jobs with it; one of a process loses nothing.
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    return db;
  } catch (error) {
    throw stateError(path, error);
  }
}

function version(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

function create(db: Database.Database, { cluster, timeScale }: Foundation, origin: number): void {
  const build = () => {
    // Another process may have made it meanwhile.
    if (version(db) !== 0) return;
    db.exec(readFileSync(`${PACKAGE_ROOT}lib/pocket/state/schema.sql`, 'utf8'));
    const setting = db.prepare('INSERT INTO setting VALUES (?, ?)');
    setting.run('cluster', clusterToJson(cluster));
    setting.run('origin', String(origin));
    setting.run('time_scale', String(timeScale));
    setting.run('next_job_id', '1');
    const node = db.prepare("INSERT INTO node VALUES (?, 'UP', NULL, ?)");
    for (const { name } of cluster.nodes) node.run(name, origin);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  };
  db.transaction(build).immediate();
}

/** Loaded only where it is needed: reading YAML takes longer than most commands. */
async function foundation(env: NodeJS.ProcessEnv): Promise<Foundation> {
  const { DEFAULT_CLUSTER_FILE, readClusterFile } = await import('../cluster-file.js');
  const { AFTEROK_POCKET_CLUSTER: file, AFTEROK_TIME_SCALE: scale = '' } = env;
  const timeScale = scale === '' ? 1 : Number(scale);
  if (!(timeScale > 0 && timeScale <= 1e6)) {
    throw new AfterokError(
      'bad-option',
      `AFTEROK_TIME_SCALE=${JSON.stringify(scale)}: expected a number above 0`,
    );
  }
  return { cluster: readClusterFile(file || DEFAULT_CLUSTER_FILE), timeScale };
}

function checkVersion(db: Database.Database, path: string): void {
  if (version(db) <= SCHEMA_VERSION) return;
  const hint = 'use that version, or begin anew: pocket-slurm reset';
  throw new AfterokError('pocket-unusable', `${path} was made by a newer version of afterok`, hint);
}

const SQLITE_ERRORS: Readonly<Record<string, { what: string; hint: string }>> = {
  SQLITE_FULL: {
    what: 'the disk is full',
    hint: 'make room, or name another folder: AFTEROK_POCKET_STATE=DIR',
  },
  SQLITE_BUSY: { what: 'is locked by another process', hint: 'try again in a moment' },
  SQLITE_CORRUPT: { what: 'is damaged', hint: 'begin anew: pocket-slurm reset' },
  SQLITE_NOTADB: { what: 'is no database', hint: 'begin anew: pocket-slurm reset' },
  SQLITE_READONLY: { what: 'cannot be written to', hint: 'name another folder: AFTEROK_POCKET_STATE=DIR' },
  SQLITE_CANTOPEN: { what: 'cannot be opened', hint: 'name another folder: AFTEROK_POCKET_STATE=DIR' },
  SQLITE_IOERR: { what: 'input or output error', hint: 'is the disk full or gone?' },
};

/** What went wrong with the file, as an error that a person can act on; every other error stays what it is. */
function stateError(path: string, error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code?.startsWith('E')
      ? new AfterokError('pocket-unusable', `state ${path}: ${message}`, null, { cause: error })
      : error;
  }
  const known = SQLITE_ERRORS[error.code.split('_').slice(0, 2).join('_')];
  if (known === undefined) return error;
  return new AfterokError('pocket-unusable', `state ${path}: ${known.what}`, known.hint, { cause: error });
}
