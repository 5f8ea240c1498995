import { renameSync, rmSync } from 'node:fs';
import { AfterokError } from '../../errors.js';
import { databaseError, isDamage } from '../database-error.js';
import { HISTORY_DATABASE } from '../database-kind.js';
import { DatabaseFile } from './open.js';

/**
 * Puts a whole new database, closed, in the place of the old one. The old one is locked meanwhile: nobody is in the
 * middle of writing it, and who waits for the lock finds the file replaced. A damaged one cannot be locked, nor
 * written.
 *
 * @throws AfterokError when another process keeps the old one locked, or when that is of a later version
 */
export function replaceDatabase(fresh: string, target: string, patience?: number): void {
  const old = lockedOld(target, patience);
  try {
    // Left by a process that died while it wrote to a file that is damaged now; it would be rolled back into ours.
    rmSync(`${target}-journal`, { force: true });
    renameSync(fresh, target);
  } catch (error) {
    throw databaseError(HISTORY_DATABASE, target, error);
  } finally {
    old?.close();
  }
}

/** Removes a database that nobody uses. */
export function removeDatabase(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}-journal`, { force: true });
}

function lockedOld(target: string, patience: number | undefined): DatabaseFile | null {
  let old: DatabaseFile | undefined;
  try {
    old = DatabaseFile.open(target, patience);
    old.connection.exec('BEGIN EXCLUSIVE');
    return old;
  } catch (error) {
    old?.close();
    if (isDamage(error) || (error instanceof AfterokError && isDamage(error.cause))) return null;
    throw databaseError(HISTORY_DATABASE, target, error);
  }
}
