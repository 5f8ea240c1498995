import { spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hasErrno } from '../../errors.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { daemonFolder } from './folder.js';

export const LAUNCHER = `${PACKAGE_ROOT}lib/pocket/daemon/launcher.pl`;
export const DAEMON_ENTRY = fileURLToPath(new URL('./entry.js', import.meta.url));

/**
 * Makes the daemon look at the state now, and starts it if there is none; returns at once. What was committed before
 * the call is seen: a daemon that is about to end looks once more after it has stopped to listen. Does nothing for a
 * state in memory, and while the scheduler is stopped (`stopDaemon`).
 */
export function wakeDaemon(state: { readonly folder: string | null }): void {
  if (state.folder === null || tellDaemon(state.folder, 'wake\n') || isStopped(state.folder)) return;
  startDaemon(state.folder);
}

/**
 * Starts the daemon where none runs although it never said that it had nothing more to do: it was killed together with
 * everything that would have started it again. For commands that only ask, so that whoever waits for a job does not wait
 * for ever.
 */
export function reviveDaemon({ folder }: { readonly folder: string | null }): void {
  if (folder !== null && !daemonListens(folder) && wasKilled(folder) && !isStopped(folder))
    startDaemon(folder);
}

/** Starts the daemon although it was stopped; does nothing where one runs. Returns before it is ready. */
export function startDaemon(folder: string): void {
  const args = [LAUNCHER, 'start', folder, process.execPath, DAEMON_ENTRY];
  const child = spawn('perl', args, { detached: true, stdio: 'ignore' });
  child.on('error', (error) => {
    process.stderr.write(`pocket Slurm: error: cannot run perl, which starts its jobs: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.unref();
}

/** Whether `stopDaemon` was called and nothing has started the daemon since. */
function isStopped(folder: string): boolean {
  return existsSync(daemonFolder(folder).stopped);
}

/** The daemon's process id, or null when none runs. */
export function daemonProcess(folder: string): number | null {
  return daemonListens(folder) ? lockHolder(folder) : null;
}

/** The process that locked the state folder last; null when it left with nothing to do. */
function lockHolder(folder: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(daemonFolder(folder).lock, 'utf8'), 10);
    return Number.isInteger(pid) ? pid : null;
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * Ends the daemon, and keeps commands and ending jobs from starting it. Jobs go on; a daemon that is started later takes
 * them over. Returns when it is gone.
 */
export async function stopDaemon(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const { stopped } = daemonFolder(folder);
  do {
    writeFileSync(stopped, '');
    while (tellDaemon(folder, 'stop\n') || isStarting(folder)) await pause(20);
    // A launcher that looked for the mark just before it was there removes it, and starts the daemon all the same.
    await pause(100);
  } while (!existsSync(stopped) || tellDaemon(folder, '') || isStarting(folder));
}

/** Whether the process that has the lock is alive: one that nobody can tell anything is still on its way. */
function isStarting(folder: string): boolean {
  const pid = lockHolder(folder);
  try {
    return pid !== null && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ESRCH')) return false;
    throw error;
  }
}

/** Its process id is there until it leaves with nothing to do. */
function wasKilled(folder: string): boolean {
  return (statSync(daemonFolder(folder).lock, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function daemonListens(folder: string): boolean {
  return tellDaemon(folder, '');
}

/** @returns false when no daemon listens */
function tellDaemon(folder: string, line: string): boolean {
  let fifo: number;
  try {
    fifo = openSync(daemonFolder(folder).wake, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (hasErrno(error, 'ENXIO', 'ENOENT')) return false;
    throw error;
  }
  try {
    if (line !== '') writeSync(fifo, line);
    return true;
  } catch (error) {
    // So full that it has enough to wake for; or it ended this moment.
    return hasErrno(error, 'EAGAIN');
  } finally {
    closeSync(fifo);
  }
}
