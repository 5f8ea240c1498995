import { COMPLETE_STATUSES } from '../../wire/job-status.js';
import { resetActions } from './action-triggers.js';
import { hasJobIn } from './completeness.js';
import type { WorkflowDatabase } from './database.js';
import { refuseCycles } from './dependency-cycles.js';
import { storeInputHashes } from './input-hashes.js';
import { FAILED_STATUSES, statusList } from './job-transitions.js';
import { moveJobs, ofWorkflow } from './move-jobs.js';
import { countAllOpenDependencies } from './open-dependencies.js';
import { IS_RULED_OUT, releaseDependents } from './release-dependents.js';
import { workflowStatus } from './workflows.js';

/** Jobs in these states run anew after an initialisation, and so does all that is downstream of them. */
const STARTS_ANEW = ['uninitialized', 'pending', 'running', 'terminated', 'pending_failed'] as const;

/** What an initialisation may be asked for besides. */
export interface InitializeOptions {
  clearEphemeralUserData: boolean;
}

/**
 * Adds the dependencies that files and user data imply, and makes every job that has no result worth keeping ready or
 * blocked; a job of which a dependency did not complete is canceled if it says so.
 *
 * @throws Refusal when there is no such workflow, and for dependencies in a circle
 */
export function initializeJobs(db: WorkflowDatabase, workflow: number, options: InitializeOptions): void {
  db.write(() => {
    workflowStatus(db, workflow);
    if (options.clearEphemeralUserData) clearEphemeralUserData(db, workflow);
    if (addImpliedDependencies(db, workflow) > 0) countAllOpenDependencies(db, workflow);
    refuseCycles(db, workflow);
    resetDownstream(db, workflow);
    decide(db, workflow);
    retireResults(db, workflow);
    storeInputHashes(db, workflow);
    resetActions(db, workflow);
  });
}

function clearEphemeralUserData(db: WorkflowDatabase, workflow: number): void {
  db.prepare('UPDATE user_data SET data = NULL WHERE workflow_id = ? AND is_ephemeral = 1').run(workflow);
}

/** Who reads what another writes depends on it. @returns how many dependencies are new */
function addImpliedDependencies(db: WorkflowDatabase, workflow: number): number {
  return (['file', 'user_data'] as const)
    .map((kind) =>
      db
        .prepare(
          `INSERT OR IGNORE INTO job_depends_on (job_id, depends_on_job_id, workflow_id)
           SELECT consumer.job_id, producer.job_id, job.workflow_id
           FROM job CROSS JOIN job_input_${kind} AS consumer ON consumer.job_id = job.id
             CROSS JOIN job_output_${kind} AS producer ON producer.${kind}_id = consumer.${kind}_id
           WHERE job.workflow_id = ? AND producer.job_id <> consumer.job_id`,
        )
        .run(workflow),
    )
    .reduce((sum, { changes }) => sum + changes, 0);
}

function resetDownstream(db: WorkflowDatabase, workflow: number): void {
  const others = [...COMPLETE_STATUSES, 'pending', 'running', 'pending_failed'] as const;
  if (!hasJobIn(db, workflow, others)) return;
  moveJobs(db, workflow, 'reset', 'uninitialized', {
    sql: `id IN (${downstreamOf(statusList(STARTS_ANEW))})`,
    values: [workflow],
  });
}

/** Selects the jobs of a workflow in these states and all that is downstream of them, disabled jobs left out. */
export function downstreamOf(statuses: string): string {
  return `WITH RECURSIVE affected (id) AS (
      SELECT id FROM job WHERE workflow_id = ? AND status IN (${statuses})
      UNION
      SELECT job.id FROM affected JOIN job_depends_on ON depends_on_job_id = affected.id
        JOIN job ON job.id = job_depends_on.job_id AND job.status <> 'disabled')
    SELECT id FROM affected`;
}

function decide(db: WorkflowDatabase, workflow: number): void {
  moveJobs(db, workflow, 'block', 'blocked', ofWorkflow(workflow, 'open_dependencies > 0'));
  const free = 'open_dependencies = 0';
  const ruledOut = hasJobIn(db, workflow, FAILED_STATUSES)
    ? moveJobs(db, workflow, 'rule_out', 'canceled', ofWorkflow(workflow, `${free} AND ${IS_RULED_OUT}`))
    : [];
  moveJobs(db, workflow, 'admit', 'ready', ofWorkflow(workflow, free));
  releaseDependents(db, workflow, ruledOut);
}

/** Results of jobs that run anew are history. */
function retireResults(db: WorkflowDatabase, workflow: number): void {
  db.prepare(
    `UPDATE result SET is_current = 0 WHERE workflow_id = ? AND is_current = 1 AND EXISTS (
       SELECT 1 FROM job WHERE job.id = job_id AND job.status NOT IN (${statusList(COMPLETE_STATUSES)}))`,
  ).run(workflow);
}
