import type { WorkflowDatabase } from './database.js';
import type { StoredJob } from './jobs.js';
import { countAllOpenDependencies, countOpenDependencies } from './open-dependencies.js';
import { releaseAll } from './release-dependents.js';

/** Removes a job; what waited for it waits no more. @returns ids of jobs that are canceled now */
export function removeJob(db: WorkflowDatabase, job: StoredJob): number[] {
  return db.write(() => {
    const dependents = db
      .prepare('SELECT job_id AS id FROM job_depends_on WHERE depends_on_job_id = ?')
      .all(job.id);
    db.prepare('DELETE FROM job WHERE id = ?').run(job.id);
    countOpenDependencies(
      db,
      (dependents as { id: number }[]).map(({ id }) => id),
    );
    return releaseAll(db, job.workflow_id);
  });
}

/** Removes all jobs of a workflow. @returns how many there were */
export function removeJobs(db: WorkflowDatabase, workflow: number): number {
  return db.prepare('DELETE FROM job WHERE workflow_id = ?').run(workflow).changes;
}

/**
 * Sets right what depended on jobs that were removed together with something else, their resource requirements.
 *
 * @returns ids of jobs that are canceled now
 */
export function forgetRemovedJobs(db: WorkflowDatabase, workflow: number): number[] {
  return db.write(() => {
    countAllOpenDependencies(db, workflow);
    return releaseAll(db, workflow);
  });
}
