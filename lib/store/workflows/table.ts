import { MAX_PAGE, type Page } from '../../wire/page.js';
import type { WorkflowDatabase } from './database.js';

/** What SQLite keeps of a field that is no number and no text. */
export type Encoding = 'boolean' | 'json';

/** A condition of a query, with the values of its question marks. */
export interface Condition {
  sql: string;
  values: readonly unknown[];
}

export interface ListRequest {
  conditions: readonly (Condition | null)[];
  offset?: number | undefined;
  limit?: number | undefined;
  /** A column of the table, see `Table.isColumn`. */
  sort_by?: string | undefined;
  reverse_sort?: boolean | undefined;
}

/** A column equals a value; null, no condition, for a value that was not given. */
export function equals(column: string, value: unknown): Condition | null {
  if (value === undefined) return null;
  return { sql: `${column} = ?`, values: [typeof value === 'boolean' ? Number(value) : value] };
}

/** A column holds one of these numbers. */
export function among(column: string, ids: readonly number[]): Condition {
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(ids)] };
}

type Row = Record<string, unknown>;

/**
 * A table whose rows are the models of the wire: the same names, absent fields for NULL. Texts of statements are made of
 * the names given here and of nothing else.
 */
export class Table<M extends { id?: number }> {
  private readonly names: readonly (keyof M & string)[];

  /**
   * @param columns beside `id`, in the order of the wire
   * @param encodings of columns that hold neither numbers nor text
   */
  constructor(
    readonly name: string,
    columns: readonly (keyof M & string)[],
    private readonly encodings: Readonly<Record<string, Encoding>> = {},
  ) {
    this.names = ['id', ...columns];
  }

  isColumn(name: string): boolean {
    return (this.names as readonly string[]).includes(name);
  }

  /** @throws SqliteError for a row that breaks a rule of the schema */
  insert(db: WorkflowDatabase, model: M): M {
    const columns = this.names.slice(1).filter((name) => model[name] !== undefined);
    const sql = `INSERT INTO ${this.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    const { lastInsertRowid } = db.prepare(sql).run(columns.map((name) => this.encode(name, model[name])));
    return this.require(db, Number(lastInsertRowid));
  }

  get(db: WorkflowDatabase, id: number): M | null {
    const row = db.prepare(`SELECT ${this.names.join(', ')} FROM ${this.name} WHERE id = ?`).get(id);
    return row === undefined ? null : this.decode(row as Row);
  }

  /** Those of these ids that are there, in the order of the ids' numbers. */
  getMany(db: WorkflowDatabase, ids: readonly number[]): M[] {
    const sql = `SELECT ${this.names.join(', ')} FROM ${this.name} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`;
    return (db.prepare(sql).all(JSON.stringify(ids)) as Row[]).map((row) => this.decode(row));
  }

  /** Changes the fields that are given; null clears one. The row must be there. */
  update(db: WorkflowDatabase, id: number, changes: { [K in keyof M]?: M[K] | null | undefined }): M {
    const columns = this.names.slice(1).filter((name) => changes[name] !== undefined);
    if (columns.length > 0) {
      const set = columns.map((name) => `${name} = ?`).join(', ');
      const values = columns.map((name) => this.encode(name, changes[name]));
      db.prepare(`UPDATE ${this.name} SET ${set} WHERE id = ?`).run(...values, id);
    }
    return this.require(db, id);
  }

  /** @returns the row that was, null if there was none */
  remove(db: WorkflowDatabase, id: number): M | null {
    const row = this.get(db, id);
    if (row !== null) db.prepare(`DELETE FROM ${this.name} WHERE id = ?`).run(id);
    return row;
  }

  /** @returns how many rows there were */
  removeAll(db: WorkflowDatabase, workflow: number): number {
    return db.prepare(`DELETE FROM ${this.name} WHERE workflow_id = ?`).run(workflow).changes;
  }

  list(db: WorkflowDatabase, request: ListRequest): Page<M> {
    const { offset = 0, limit = MAX_PAGE, sort_by: sortBy = 'id', reverse_sort: reverse = false } = request;
    if (!this.isColumn(sortBy)) throw new RangeError(`${this.name} has no column ${sortBy}`);
    const conditions = request.conditions.filter((condition) => condition !== null);
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`;
    const values = conditions.flatMap((condition) => condition.values);
    const direction = reverse ? 'DESC' : 'ASC';
    const order = sortBy === 'id' ? `id ${direction}` : `${sortBy} ${direction}, id ${direction}`;
    const rows = db
      .prepare(
        `SELECT ${this.names.join(', ')} FROM ${this.name} ${where} ORDER BY ${order} LIMIT ? OFFSET ?`,
      )
      .all(...values, limit, offset) as Row[];
    const { total } = db.prepare(`SELECT count(*) AS total FROM ${this.name} ${where}`).get(...values) as {
      total: number;
    };
    const items = rows.map((row) => this.decode(row));
    return pageOf(items, offset, total);
  }

  private require(db: WorkflowDatabase, id: number): M {
    const row = this.get(db, id);
    if (row === null) throw new Error(`${this.name} ${id} is gone`);
    return row;
  }

  private encode(name: string, value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (this.encodings[name] === 'json') return JSON.stringify(value);
    return typeof value === 'boolean' ? Number(value) : value;
  }

  private decode(row: Row): M {
    const model: Row = {};
    for (const name of this.names) {
      const value = row[name];
      if (value === null) continue;
      const encoding = this.encodings[name];
      if (encoding === 'boolean') model[name] = value === 1;
      else model[name] = encoding === 'json' ? JSON.parse(value as string) : value;
    }
    return model as M;
  }
}

/** The envelope around one page of a list. */
export function pageOf<T>(items: T[], offset: number, total: number): Page<T> {
  const count = items.length;
  return {
    items,
    offset,
    max_limit: MAX_PAGE,
    count,
    total_count: total,
    has_more: offset + count < total,
  };
}
