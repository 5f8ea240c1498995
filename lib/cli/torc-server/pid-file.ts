import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { AfterokError, hasErrno } from '../../errors.js';

/**
 * Writes our process id into the file, which only one server at a time can hold. The file of one that has died is taken
 * over.
 *
 * @returns what gives the file up
 * @throws AfterokError when another server holds it, or it cannot be written
 */
export function claimPidFile(path: string): () => void {
  const own = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(own, `${process.pid}\n`);
    if (!link(own, path)) {
      takeOver(path);
      if (!link(own, path)) throw running(path, holder(path));
    }
  } catch (error) {
    if (error instanceof AfterokError) throw error;
    const reason = (error as Error).message;
    const hint = 'another place: --pid-file';
    throw new AfterokError('server-unusable', `cannot write the pid file ${path}: ${reason}`, hint, {
      cause: error,
    });
  } finally {
    rmSync(own, { force: true });
  }
  return () => release(path);
}

/** Never replaces a file: of two servers that start at once, one is told that it is late. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Moves the file of a dead server out of the way, looking at what was moved: a living one may have come in between. */
function takeOver(path: string): void {
  const pid = holder(path);
  if (pid !== null && isServer(pid)) throw running(path, pid);
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return;
    throw error;
  }
  const moved = holder(aside);
  if (moved !== pid && moved !== null && isServer(moved)) link(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string): void {
  if (holder(path) === process.pid) rmSync(path, { force: true });
}

/** Null for a file that is gone or has no process id in it. */
function holder(path: string): number | null {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null;
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/** After a restart of the machine the number may belong to any other program. */
function isServer(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasErrno(error, 'ESRCH')) return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('torc-server');
  } catch {
    return true;
  }
}

function running(path: string, pid: number | null): AfterokError {
  const who = pid === null ? 'another torc-server' : `torc-server with pid ${pid}`;
  return new AfterokError('server-unusable', `${who} is running (${path})`, `stop it: kill $(cat ${path})`);
}
