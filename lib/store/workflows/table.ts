import { MAX_PAGE } from '../../wire/limits.js';
import type { Page } from '../../wire/page.js';
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

/** Text is part of a column. */
export function contains(column: string, part: string | undefined): Condition | null {
  if (part === undefined) return null;
  return { sql: `${column} LIKE ? ESCAPE '\\'`, values: [`%${part.replaceAll(/[\\%_]/g, '\\$&')}%`] };
}

/** A field of a column that holds JSON equals a value; a column without that field does not. */
export function fieldEquals(column: string, field: string, value: unknown): Condition | null {
  if (value === undefined) return null;
  return { sql: `json_extract(${column}, '$.${field}') = ?`, values: [value] };
}

type Row = Record<string, unknown>;

/** Values of columns that are the database's alone, by name. */
export type OwnColumns = Readonly<Record<string, number | string | null>>;

export type Changes<M> = { [K in keyof M]?: M[K] | null | undefined };

/**
 * A table whose rows are the models of the wire: the same names, absent fields for NULL. Texts of statements are made of
 * the names given here and of nothing else.
 */
export class Table<M extends { id?: number }> {
  private readonly names: readonly (keyof M & string)[];

  /**
   * @param columns beside `id`, in the order of the wire
   * @param encodings of columns that hold neither numbers nor text
   * @param sortedAs columns that stand for others where rows are put in order: bytes for `512m`
   */
  constructor(
    readonly name: string,
    columns: readonly (keyof M & string)[],
    private readonly encodings: Readonly<Record<string, Encoding>> = {},
    private readonly sortedAs: Readonly<Record<string, string>> = {},
  ) {
    this.names = ['id', ...columns];
  }

  isColumn(name: string): boolean {
    return (this.names as readonly string[]).includes(name);
  }

  /**
   * @param own columns that the wire does not know
   * @throws SqliteError for a row that breaks a rule of the schema
   */
  insert(db: WorkflowDatabase, model: M, own: OwnColumns = {}): M {
    const given = this.names.slice(1).filter((name) => model[name] !== undefined);
    const columns = [...given, ...Object.keys(own)];
    const values = [...given.map((name) => this.encode(name, model[name])), ...Object.values(own)];
    const sql = `INSERT INTO ${this.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    return this.require(db, Number(db.prepare(sql).run(values).lastInsertRowid));
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

  /**
   * Changes the fields that are given; null clears one. The row must be there.
   *
   * @param own columns that the wire does not know
   */
  update(db: WorkflowDatabase, id: number, changes: Changes<M>, own: OwnColumns = {}): M {
    const given = this.names.slice(1).filter((name) => changes[name] !== undefined);
    const columns = [...given, ...Object.keys(own)];
    if (columns.length > 0) {
      const set = columns.map((name) => `${name} = ?`).join(', ');
      const values = [...given.map((name) => this.encode(name, changes[name])), ...Object.values(own)];
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
    const column = this.sortedAs[sortBy] ?? sortBy;
    const order = column === 'id' ? `id ${direction}` : `${column} ${direction}, id ${direction}`;
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
