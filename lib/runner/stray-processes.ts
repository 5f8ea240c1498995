import { readdirSync, readFileSync } from 'node:fs';
import { hasErrno } from '../errors.js';
import { statFields } from '../proc-stat.js';
import { RUNNER_VARIABLE } from './runner-identity.js';

/** Looks at all processes, at most. */
const MOST_PASSES = 100;
/** What is found starts further processes until it has gone. */
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
    let isCalm = true;
    for (const pid of processIds()) {
      const environment = environmentOf(pid);
      if (environment === null) isCalm = false;
      else if (isStray(environment, runner, jobs)) {
        isCalm = false;
        kill(pid);
        killed.add(pid);
      }
    }
    if (isCalm && pass >= LEAST_PASSES) break;
  }
  return killed.size;
}

function isStray(environment: readonly string[], runner: string, jobs: readonly number[]): boolean {
  if (!environment.includes(`${RUNNER_VARIABLE}=${runner}`)) return false;
  // Jobs and actions know their workflow; what does not is the process that starts them, or its copy that is not yet
  // another program.
  const isStarter = !environment.some((entry) => entry.startsWith('TORC_WORKFLOW_ID='));
  return isStarter || jobs.some((id) => environment.includes(`TORC_JOB_ID=${id}`));
}

/** Of everything on this machine but this process. */
function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Null while the process becomes another program, and has no environment for a moment. */
function environmentOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/environ`, 'utf8');
    if (text === '' && isBetweenPrograms(readFileSync(`/proc/${pid}/stat`, 'latin1'))) return null;
    return text.split('\0');
  } catch (error) {
    // It has ended, or belongs to somebody else.
    if (hasErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

/**
 * What has memory, but no place in it for an environment; a program that was given an empty one has such a place. What
 * has ended and kernel threads have no memory.
 *
 * @param stat of a process whose environment may be read, /proc/PID/stat
 */
function isBetweenPrograms(stat: string): boolean {
  const fields = statFields(stat);
  return Number(fields[VSIZE]) > 0 && Number(fields[ENV_END]) === 0;
}

const VSIZE = 20;
const ENV_END = 48;

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!hasErrno(error, 'ESRCH', 'EPERM')) throw error;
  }
}
