import { isComplete, type JobStatus } from '../../wire/job-status.js';
import { requireRun } from './attempts.js';
import type { WorkflowDatabase } from './database.js';
import { phaseOf, type TransitionName } from './job-transitions.js';
import { requireJob, type StoredJob } from './jobs.js';
import { moveJob, moveJobs } from './move-jobs.js';
import { Refusal } from './refusal.js';
import { releaseDependents } from './release-dependents.js';

/** The transition by which a person's hand brings a job into a state; ends of attempts are reported, not set. */
const BY_HAND = {
  uninitialized: 'set_uninitialized',
  blocked: 'set_blocked',
  ready: 'set_ready',
  pending: 'set_pending',
  running: 'set_running',
  disabled: 'set_disabled',
  pending_failed: 'set_pending_failed',
  failed: 'give_up',
  completed: null,
  canceled: null,
  terminated: null,
} as const satisfies Record<JobStatus, TransitionName | null>;

/**
 * Changes a job's status by hand; the one that it has already is no change. A job that was complete and is made
 * uninitialized takes its direct dependents that have run along.
 *
 * @param run the workflow's present one if it is not said
 * @returns the job, and ids of jobs that are canceled for that reason
 * @throws Refusal for a change that is none of a person's, and for another run
 */
export function changeStatus(
  db: WorkflowDatabase,
  id: number,
  status: JobStatus,
  run: number | undefined,
): { job: StoredJob; canceled: number[] } {
  return db.write(() => {
    const job = requireJob(db, id);
    if (run !== undefined) requireRun(db, job.workflow_id, run);
    if (job.status === status && !isComplete(status)) return { job, canceled: [] };
    const transition = transitionTo(job, status);
    // A blocked job of which no dependency is open would stay so for ever.
    moveJob(db, job, transition, status, status === 'blocked' ? 'open_dependencies > 0' : '1');
    if (status === 'uninitialized' && isComplete(job.status)) resetDirectDependents(db, job);
    const canceled = phaseOf(status) === 'settled' ? releaseDependents(db, job.workflow_id, [id]) : [];
    return { job: requireJob(db, id), canceled };
  });
}

function transitionTo(job: StoredJob, status: JobStatus): TransitionName {
  const transition = BY_HAND[status];
  if (transition !== null && (status !== 'failed' || job.status === 'pending_failed')) return transition;
  const message = `job ${job.id} (${job.name}) cannot be set to ${status} by hand: its runner reports that`;
  throw new Refusal('invalid', message, { field: 'status', value: status });
}

function resetDirectDependents(db: WorkflowDatabase, { id, workflow_id: workflow }: StoredJob): void {
  moveJobs(db, workflow, 'reset', 'uninitialized', {
    sql: `id IN (SELECT job_id FROM job_depends_on WHERE depends_on_job_id = ?) AND status IN ('completed', 'failed')`,
    values: [id],
  });
}
