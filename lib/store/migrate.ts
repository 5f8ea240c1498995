import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { AfterokError } from '../errors.js';
import { PACKAGE_ROOT } from '../package-root.js';

/** In order, never changed once released. SQL is not compiled: it is read where it was written. */
const MIGRATIONS = ['001-history.sql'];

/**
 * Applies the migrations that a database has not seen. `user_version` counts those that it has, and is written in
 * the same transaction: of two processes that migrate at once the second finds nothing left to do.
 *
 * @param write runs its argument in a transaction that holds the write lock
 * @throws AfterokError for a database of a later version of this program
 */
export function migrate<T>(
  connection: Database.Database,
  path: string,
  write: (work: () => void) => T,
): T | undefined {
  if (pendingMigrations(connection, path).length === 0) return;
  return write(() => {
    for (const { version, name } of pendingMigrations(connection, path)) {
      connection.exec(readFileSync(`${PACKAGE_ROOT}lib/store/migrations/${name}`, 'utf8'));
      connection.pragma(`user_version = ${version}`);
    }
  });
}

function pendingMigrations(connection: Database.Database, path: string): { version: number; name: string }[] {
  const seen = connection.pragma('user_version', { simple: true }) as number;
  if (seen > MIGRATIONS.length) {
    throw new AfterokError(
      'database-unusable',
      `history database ${path} has schema version ${seen}, this program knows ${MIGRATIONS.length}`,
      'use the version of afterok that wrote it, or a later one',
    );
  }
  return MIGRATIONS.map((name, position) => ({ version: position + 1, name })).slice(seen);
}
