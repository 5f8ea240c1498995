import { readdirSync, readFileSync } from 'node:fs';
import { hasErrno } from '../errors.js';
import { RUNNER_VARIABLE } from './runner-identity.js';

/** Looks at all processes, at most: what is between two programs shows no environment at that moment. */
const MOST_PASSES = 20;
const LEAST_PASSES = 2;

/**
 * Kills what is left on this machine of jobs whose runner died: processes are known by their environment, which they
 * inherit from one another. What starts jobs for that runner, and may be about to, goes as well.
 *
 * @returns how many processes were found
 */
export function killStrays(runner: string, jobs: readonly number[]): number {
  const killed = new Set<number>();
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    const found = straysOf(runner, jobs);
    for (const pid of found) {
      kill(pid);
      killed.add(pid);
    }
    if (found.length === 0 && pass >= LEAST_PASSES) break;
  }
  return killed.size;
}

function straysOf(runner: string, jobs: readonly number[]): number[] {
  const mark = `${RUNNER_VARIABLE}=${runner}`;
  const wanted = new Set(jobs.map((id) => `TORC_JOB_ID=${id}`));
  return processIds().filter((pid) => {
    if (pid === process.pid) return false;
    const environment = environmentOf(pid);
    if (!environment.includes(mark)) return false;
    // Jobs and actions know their workflow; what does not is the process that starts them, or its copy that is not yet
    // another program.
    const isStarter = !environment.some((entry) => entry.startsWith('TORC_WORKFLOW_ID='));
    return isStarter || environment.some((entry) => wanted.has(entry));
  });
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
