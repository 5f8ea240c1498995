import { triggerCompletion } from './action-triggers.js';
import { hasUnfinishedJobs } from './completeness.js';
import type { WorkflowDatabase } from './database.js';
import { FAILED_STATUSES, statusList } from './job-transitions.js';
import { moveJobs } from './move-jobs.js';
import { among, type Condition } from './table.js';

/** Of a job of which no dependency is open: it does not run, since one of them did not complete. */
export const IS_RULED_OUT = `cancel_on_blocking_job_failure = 1 AND EXISTS (
  SELECT 1 FROM job_depends_on JOIN job AS upstream ON upstream.id = depends_on_job_id
  WHERE job_depends_on.job_id = job.id AND upstream.status IN (${statusList(FAILED_STATUSES)}))`;

/**
 * Decides about what waited for jobs that have ended, and about what waited for what is canceled thereby, and so on.
 * Whatever the graph and the order in which jobs end: a blocked job without open dependencies is left nowhere.
 *
 * @returns ids of the jobs that were canceled
 */
export function releaseDependents(
  db: WorkflowDatabase,
  workflow: number,
  ended: readonly number[],
): number[] {
  const canceled: number[] = [];
  let wave = ended;
  while (wave.length > 0) {
    const { sql, values } = among('depends_on_job_id', wave);
    wave = releaseOrCancel(db, workflow, {
      sql: `id IN (SELECT job_id FROM job_depends_on WHERE ${sql})`,
      values,
    });
    for (const id of wave) canceled.push(id);
  }
  if (!hasUnfinishedJobs(db, workflow)) triggerCompletion(db, workflow);
  return canceled;
}

/** The same for all jobs of a workflow, after changes other than the end of jobs. */
export function releaseAll(db: WorkflowDatabase, workflow: number): number[] {
  const canceled = releaseOrCancel(db, workflow, {
    sql: `id IN (SELECT id FROM job WHERE workflow_id = ? AND status = 'blocked')`,
    values: [workflow],
  });
  if (canceled.length === 0) return [];
  return [...canceled, ...releaseDependents(db, workflow, canceled)];
}

/** @returns ids of the canceled ones */
function releaseOrCancel(db: WorkflowDatabase, workflow: number, { sql, values }: Condition): number[] {
  const free: Condition = { sql: `${sql} AND open_dependencies = 0`, values };
  const canceled = moveJobs(db, workflow, 'cascade', 'canceled', {
    sql: `${free.sql} AND ${IS_RULED_OUT}`,
    values,
  });
  moveJobs(db, workflow, 'release', 'ready', free);
  return canceled;
}
