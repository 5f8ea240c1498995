import { formatTime } from '../commands/times.js';
import type { Ending } from '../job.js';

const REASONS: Readonly<Record<Ending, string | null>> = {
  CANCELLED: '',
  TIMEOUT: ' DUE TO TIME LIMIT',
  PREEMPTED: ' DUE TO PREEMPTION',
  NODE_FAIL: ' DUE TO NODE FAILURE',
  REQUEUED: ' DUE TO JOB REQUEUE',
  // The supervisor says what happened.
  OUT_OF_MEMORY: null,
};

/**
 * What slurmstepd prints into a job's standard error when it is ended from outside, as
 * `slurmstepd: error: *** JOB 37 ON n1 CANCELLED AT 2026-11-21T02:54:29 DUE TO TIME LIMIT ***`.
 *
 * @param at seconds since the epoch on the scheduler's clock
 */
export function endingNotice(rawId: number, node: string, ending: Ending, at: number): string | null {
  const reason = REASONS[ending];
  if (reason === null) return null;
  return `slurmstepd: error: *** JOB ${rawId} ON ${node} CANCELLED AT ${formatTime(at, {}, '')}${reason} ***`;
}
