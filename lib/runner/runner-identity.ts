import { readFileSync } from 'node:fs';
import { hasErrno } from '../errors.js';
import { statFields, TICKS_PER_SECOND } from '../proc-stat.js';
import type { ComputeNodeModel } from '../wire/compute-nodes.js';

/** In the environment of whatever a runner starts, so that it is found when the runner has died. */
export const RUNNER_VARIABLE = 'AFTEROK_RUNNER';

/** One runner of this host, and no other that was ever here. */
export function runnerIdentity({ pid, start_time }: Pick<ComputeNodeModel, 'pid' | 'start_time'>): string {
  return `${pid}@${start_time}`;
}

/** Seconds by which the clock of processes and that of records may differ. */
const TOLERANCE = 2;

/**
 * Whether the runner behind a record of this host still lives: a process of its id, which is no later one that was
 * given the same id.
 */
export function runnerLives({ pid, start_time }: Pick<ComputeNodeModel, 'pid' | 'start_time'>): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasErrno(error, 'ESRCH')) return false;
    // EPERM: somebody else's process, and alive.
  }
  const started = processStart(pid);
  const recorded = Date.parse(start_time) / 1000;
  return started === null || Number.isNaN(recorded) || started <= recorded + TOLERANCE;
}

/** Seconds since the epoch; null where nobody can tell. */
function processStart(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const ticks = Number(statFields(stat)[19]);
    const uptime = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
    return Date.now() / 1000 - uptime + ticks / TICKS_PER_SECOND;
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR')) return null;
    throw error;
  }
}
