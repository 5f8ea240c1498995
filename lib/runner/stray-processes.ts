import { readdirSync, readFileSync } from 'node:fs';
import { hasErrno } from '../errors.js';
import { RUNNER_VARIABLE } from './runner-identity.js';

/**
 * Kills what is left on this machine of jobs whose runner died: processes are known by their environment, which they
 * inherit from one another.
 *
 * @returns how many processes were found
 */
export function killStrays(runner: string, jobs: readonly number[]): number {
  const mark = `${RUNNER_VARIABLE}=${runner}`;
  const wanted = new Set(jobs.map((id) => `TORC_JOB_ID=${id}`));
  const found = processIds().filter((pid) => {
    if (pid === process.pid) return false;
    const environment = environmentOf(pid);
    return environment.includes(mark) && environment.some((entry) => wanted.has(entry));
  });
  for (const pid of found) kill(pid);
  return found.length;
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch (error) {
    // It has ended, or belongs to somebody else.
    if (hasErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!hasErrno(error, 'ESRCH', 'EPERM')) throw error;
  }
}
