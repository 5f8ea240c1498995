import { databaseError } from '../database-error.js';
import { HISTORY_DATABASE } from '../database-kind.js';
import { DatabaseFile, REPLACED } from './open.js';
import type { ChainPicture, ChainRow, EventRow, RoundRow, TaskRow } from './rows.js';

/**
 * `recorded`: the database shows what it was given. `current`: it did so before, or something later.
 * `replaced`: nothing was written, since another file has taken the name; open it again.
 */
export type RecordResult = 'recorded' | 'current' | 'replaced';

/** The history database: pictures of chains, written whole and read whole. */
export class History {
  private constructor(private readonly file: DatabaseFile) {}

  /** @param patience seconds to wait for other processes */
  static open(path: string, patience?: number): History {
    return new History(DatabaseFile.open(path, patience));
  }

  /** Writes one picture in one transaction; a picture that is older than what is there changes nothing. */
  record(picture: ChainPicture): RecordResult {
    return this.guarded(() => {
      const result = this.file.write(() => this.write(picture));
      return result === REPLACED ? 'replaced' : result;
    });
  }

  private write({ chain, rounds, tasks, events }: ChainPicture): RecordResult {
    const { connection } = this.file;
    if (connection.prepare(UPSERT_CHAIN).run(chain).changes === 0) return 'current';
    const upsertRound = connection.prepare(UPSERT_ROUND);
    for (const row of rounds) upsertRound.run({ ...row, chain: chain.chain });
    const insertTask = connection.prepare(INSERT_TASK);
    for (const row of tasks) insertTask.run({ ...row, chain: chain.chain });
    connection.prepare(DELETE_EVENTS).run(chain.chain);
    const insertEvent = connection.prepare(INSERT_EVENT);
    events.forEach((row, position) => {
      insertEvent.run({ ...row, chain: chain.chain, position });
    });
    return 'recorded';
  }

  /** Numbers of the rounds whose attempts are in the database. */
  recordedRounds(chain: string): ReadonlySet<number> {
    return this.guarded(
      () =>
        new Set(this.file.connection.prepare<[string], number>(SELECT_FINISHED_ROUNDS).pluck().all(chain)),
    );
  }

  /** One chain with all its attempts, by round and index; null when it is not in the database. */
  picture(id: string): ChainPicture | null {
    const { connection } = this.file;
    const read = connection.transaction(() => {
      const chain = connection.prepare<[string], ChainRow>(SELECT_CHAIN).get(id);
      if (chain === undefined) return null;
      return {
        chain,
        rounds: connection.prepare<[string], RoundRow>(SELECT_ROUNDS).all(id),
        tasks: connection.prepare<[string], TaskRow>(SELECT_TASKS).all(id),
        events: connection.prepare<[string], EventRow>(SELECT_EVENTS).all(id),
      };
    });
    return this.guarded(read);
  }

  /** How many chains and attempts there are. */
  counts(): { chains: number; tasks: number } {
    return this.guarded(
      () =>
        this.file.connection.prepare<[], { chains: number; tasks: number }>(SELECT_COUNTS).get() ?? {
          chains: 0,
          tasks: 0,
        },
    );
  }

  close(): void {
    this.file.close();
  }

  private guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw databaseError(HISTORY_DATABASE, this.file.path, error);
    }
  }
}

const UPSERT_CHAIN = `
  INSERT INTO chains (
    chain, sequence, state, reason, user, script, script_sha256, cwd, ladder, array, tasks, created_at, updated_at
  ) VALUES (
    @chain, @sequence, @state, @reason, @user, @script, @scriptSha256, @cwd, @ladder, @array, @tasks,
    @createdAt, @updatedAt
  )
  ON CONFLICT (chain) DO UPDATE SET
    sequence = excluded.sequence, state = excluded.state, reason = excluded.reason,
    updated_at = excluded.updated_at
  WHERE excluded.sequence > chains.sequence`;

const UPSERT_ROUND = `
  INSERT INTO rounds (chain, round, phase, tasks, levels, job_ids, handler_ids, started_at, finished_at)
  VALUES (@chain, @round, @phase, @tasks, @levels, @jobIds, @handlerIds, @startedAt, @finishedAt)
  ON CONFLICT (chain, round) DO UPDATE SET
    phase = excluded.phase, job_ids = excluded.job_ids, handler_ids = excluded.handler_ids,
    finished_at = excluded.finished_at`;

/** A finished round does not change: attempts that another process has recorded meanwhile are these. */
const INSERT_TASK = `
  INSERT INTO tasks (
    chain, round, task_index, level, bucket, state, job_id, exit_code, signal, node, elapsed_seconds,
    max_rss_bytes, started_at, ended_at
  ) VALUES (
    @chain, @round, @taskIndex, @level, @bucket, @state, @jobId, @exitCode, @signal, @node, @elapsedSeconds,
    @maxRssBytes, @startedAt, @endedAt
  )
  ON CONFLICT (chain, round, task_index) DO NOTHING`;

const DELETE_EVENTS = 'DELETE FROM events WHERE chain = ?';

const INSERT_EVENT = `
  INSERT INTO events (chain, position, at, round, kind, text)
  VALUES (@chain, @position, @at, @round, @kind, @text)`;

const SELECT_FINISHED_ROUNDS = 'SELECT round FROM rounds WHERE chain = ? AND finished_at IS NOT NULL';

const SELECT_CHAIN = `
  SELECT chain, sequence, state, reason, user, script, script_sha256 AS scriptSha256, cwd, ladder, array, tasks,
    created_at AS createdAt, updated_at AS updatedAt
  FROM chains WHERE chain = ?`;

const SELECT_ROUNDS = `
  SELECT round, phase, tasks, levels, job_ids AS jobIds, handler_ids AS handlerIds, started_at AS startedAt,
    finished_at AS finishedAt
  FROM rounds WHERE chain = ? ORDER BY round`;

const SELECT_TASKS = `
  SELECT round, task_index AS taskIndex, level, bucket, state, job_id AS jobId, exit_code AS exitCode, signal,
    node, elapsed_seconds AS elapsedSeconds, max_rss_bytes AS maxRssBytes, started_at AS startedAt,
    ended_at AS endedAt
  FROM tasks WHERE chain = ? ORDER BY round, task_index`;

const SELECT_EVENTS = 'SELECT at, round, kind, text FROM events WHERE chain = ? ORDER BY position';

const SELECT_COUNTS = `
  SELECT (SELECT count(*) FROM chains) AS chains, (SELECT count(*) FROM tasks) AS tasks`;
