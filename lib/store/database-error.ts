import Database from 'better-sqlite3';
import { AfterokError } from '../errors.js';
import type { DatabaseKind } from './database-kind.js';

/** What went wrong with a database file, as an error that a person can act on; one that is so already stays. */
export function databaseError(kind: DatabaseKind, path: string, cause: unknown): AfterokError {
  if (cause instanceof AfterokError) return cause;
  if (hasSqliteCode(cause, 'SQLITE_BUSY')) {
    return unusable(kind, `${path} is locked by another process`, 'try again in a moment', cause);
  }
  if (isDamage(cause)) {
    const what = `${path} is damaged or not a database: ${(cause as Error).message}`;
    return unusable(kind, what, kind.whenDamaged, cause);
  }
  return unusable(kind, `cannot use ${path}: ${(cause as Error).message}`, null, cause);
}

function unusable({ noun }: DatabaseKind, what: string, hint: string | null, cause: unknown): AfterokError {
  return new AfterokError('database-unusable', `${noun} ${what}`, hint, { cause });
}

/** The file is no database, or not a whole one: nobody can be writing to it. */
export function isDamage(error: unknown): boolean {
  return hasSqliteCode(error, 'SQLITE_NOTADB') || hasSqliteCode(error, 'SQLITE_CORRUPT');
}

/** The database works: what it was given breaks one of its rules, or is nothing that can be stored. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof AfterokError)) return false;
  const { cause } = error;
  return (
    hasSqliteCode(cause, 'SQLITE_CONSTRAINT') || cause instanceof TypeError || cause instanceof RangeError
  );
}

/** Extended codes (`SQLITE_CONSTRAINT_CHECK`) begin with the plain one. */
function hasSqliteCode(error: unknown, code: string): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith(code);
}
