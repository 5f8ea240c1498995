import Database from 'better-sqlite3';

/** A rule of the schema that a statement would have broken, with the column, as far as SQLite tells. */
export type BrokenRule =
  | { kind: 'duplicate'; field: string }
  | { kind: 'missing'; field: string }
  /** SQLite does not say which one. */
  | { kind: 'reference' }
  | { kind: 'check'; rule: string };

/** @returns null for an error of any other kind */
export function brokenRule(error: unknown): BrokenRule | null {
  if (!(error instanceof Database.SqliteError)) return null;
  const { code, message } = error;
  // "UNIQUE constraint failed: access_group.name", "CHECK constraint failed: num_cpus >= 0"
  const subject = message.slice(message.indexOf(': ') + 2);
  switch (code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return { kind: 'duplicate', field: lastColumn(subject) };
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return { kind: 'missing', field: lastColumn(subject) };
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return { kind: 'reference' };
    case 'SQLITE_CONSTRAINT_CHECK':
      return { kind: 'check', rule: subject };
    default:
      return null;
  }
}

/** Of `resource_requirements.workflow_id, resource_requirements.name` it is the name that tells rows apart. */
function lastColumn(columns: string): string {
  return columns.slice(columns.lastIndexOf('.') + 1);
}
