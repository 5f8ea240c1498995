import { hasJobIn } from './completeness.js';
import type { WorkflowDatabase } from './database.js';
import { SETTLED_STATUSES, statusList } from './job-transitions.js';
import { withIds } from './move-jobs.js';
import type { Condition } from './table.js';

/** The number that a job's `open_dependencies` must be. */
export const OPEN_DEPENDENCIES = `(SELECT count(*) FROM job_depends_on JOIN job AS upstream
  ON upstream.id = depends_on_job_id WHERE job_depends_on.job_id = job.id
  AND upstream.status NOT IN (${statusList(SETTLED_STATUSES)}))`;

/** The same as long as no job of the workflow has ended: nothing is looked up for each of a million. */
const ALL_DEPENDENCIES = '(SELECT count(*) FROM job_depends_on WHERE job_depends_on.job_id = job.id)';

/** Counts anew, where dependencies themselves have changed. */
export function countOpenDependencies(db: WorkflowDatabase, jobs: readonly number[]): void {
  recount(db, withIds(jobs));
}

/** Counts anew for a whole workflow. */
export function countAllOpenDependencies(db: WorkflowDatabase, workflow: number): void {
  const count = hasJobIn(db, workflow, SETTLED_STATUSES) ? OPEN_DEPENDENCIES : ALL_DEPENDENCIES;
  recount(db, { sql: 'workflow_id = ?', values: [workflow] }, count);
}

function recount(db: WorkflowDatabase, { sql, values }: Condition, count = OPEN_DEPENDENCIES): void {
  db.prepare(`UPDATE job SET open_dependencies = ${count} WHERE ${sql}`).run(...values);
}
