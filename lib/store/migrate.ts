import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { AfterokError } from '../errors.js';
import { PACKAGE_ROOT } from '../package-root.js';
import type { DatabaseKind } from './database-kind.js';

/**
 * Applies the migrations that a database has not seen. `user_version` counts those that it has, and is written in
 * the same transaction: of two processes that migrate at once the second finds nothing left to do. SQL is not compiled:
 * it is read where it was written.
 *
 * @param write runs its argument in a transaction that holds the write lock
 * @throws AfterokError for a database of a later version of this program
 */
export function migrate<T>(
  connection: Database.Database,
  kind: DatabaseKind,
  path: string,
  write: (work: () => void) => T,
): T | undefined {
  if (pendingMigrations(connection, kind, path).length === 0) return;
  return write(() => {
    for (const { version, name } of pendingMigrations(connection, kind, path)) {
      connection.exec(readFileSync(`${PACKAGE_ROOT}lib/store/migrations/${name}`, 'utf8'));
      connection.pragma(`user_version = ${version}`);
    }
  });
}

function pendingMigrations(
  connection: Database.Database,
  { noun, migrations }: DatabaseKind,
  path: string,
): { version: number; name: string }[] {
  const seen = connection.pragma('user_version', { simple: true }) as number;
  if (seen > migrations.length) {
    throw new AfterokError(
      'database-unusable',
      `${noun} ${path} has schema version ${seen}, this program knows ${migrations.length}`,
      'use the version of afterok that wrote it, or a later one',
    );
  }
  return migrations.map((name, position) => ({ version: position + 1, name })).slice(seen);
}
