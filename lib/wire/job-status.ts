/**
 * States of a workflow's job, as they stand on the wire. What moves a job into each:
 * - uninitialized: it was created, or reset
 * - blocked: initialised, and a dependency has not ended yet
 * - ready: nothing is in its way
 * - pending: a runner has claimed it
 * - running: that runner has started it
 * - completed, failed: it ended with return code 0, or another one
 * - canceled: the workflow was, or a dependency did not complete and the job does not run then
 * - terminated: its runner had to end it (time limit, shutdown)
 * - disabled: a person does not want it to run
 * - pending_failed: it failed in a way that no failure handler knows; somebody has to decide
 */
export const JOB_STATUSES = [
  'uninitialized',
  'blocked',
  'ready',
  'pending',
  'running',
  'completed',
  'failed',
  'canceled',
  'terminated',
  'disabled',
  'pending_failed',
] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

/** States that release dependents and let a workflow be complete. */
export const COMPLETE_STATUSES = ['completed', 'failed', 'canceled', 'terminated'] as const;

/** States with which a runner may report the end of an attempt. */
export const TERMINAL_STATUSES = [...COMPLETE_STATUSES, 'pending_failed'] as const;

export function isComplete(status: JobStatus): boolean {
  return (COMPLETE_STATUSES as readonly JobStatus[]).includes(status);
}
