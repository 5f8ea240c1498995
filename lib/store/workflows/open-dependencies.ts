import type { WorkflowDatabase } from './database.js';
import { SETTLED_STATUSES, statusList } from './job-transitions.js';
import { withIds } from './move-jobs.js';
import type { Condition } from './table.js';

/** The number that a job's `open_dependencies` must be. */
export const OPEN_DEPENDENCIES = `(SELECT count(*) FROM job_depends_on JOIN job AS upstream
  ON upstream.id = depends_on_job_id WHERE job_depends_on.job_id = job.id
  AND upstream.status NOT IN (${statusList(SETTLED_STATUSES)}))`;

/** Counts anew, where dependencies themselves have changed. */
export function countOpenDependencies(db: WorkflowDatabase, jobs: readonly number[]): void {
  recount(db, withIds(jobs));
}

/** Counts anew for a whole workflow. */
export function countAllOpenDependencies(db: WorkflowDatabase, workflow: number): void {
  recount(db, { sql: 'workflow_id = ?', values: [workflow] });
}

function recount(db: WorkflowDatabase, { sql, values }: Condition): void {
  db.prepare(`UPDATE job SET open_dependencies = ${OPEN_DEPENDENCIES} WHERE ${sql}`).run(...values);
}
