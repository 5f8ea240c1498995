import type { WorkflowDatabase } from './database.js';
import { SETTLED_STATUSES, statusList } from './job-transitions.js';
import { among } from './table.js';

/** Triggers that count jobs: those of the action, or any where it names none. */
type JobTrigger = 'on_jobs_ready' | 'on_jobs_complete';

/** Jobs that a trigger has counted, by their state; so that a second attempt is not counted twice. */
const COUNTED: Readonly<Record<JobTrigger, string>> = {
  on_jobs_ready: `job.status NOT IN ('uninitialized', 'blocked')`,
  on_jobs_complete: `job.status IN (${statusList(SETTLED_STATUSES)})`,
};

/** Triggers that the initialisation pulls: there is something to start, and workers come. */
const AT_START = ['on_workflow_start', 'on_worker_start', 'on_worker_complete'] as const;

/** Adds to the counts of a workflow's actions what these jobs' change of state means: 1 for each, or -1. */
export function countTriggers(
  db: WorkflowDatabase,
  workflow: number,
  trigger: JobTrigger,
  ids: readonly number[],
  change: number,
): void {
  if (!hasActions(db, workflow, trigger)) return;
  const { sql, values } = among('job_id', ids);
  db.prepare(
    `UPDATE workflow_action SET trigger_count = max(0, trigger_count + ? * counted.number)
     FROM (SELECT action_id, count(*) AS number FROM workflow_action_job WHERE ${sql} GROUP BY action_id) AS counted
     WHERE id = counted.action_id AND trigger_type = ?`,
  ).run(change, ...values, trigger);
  db.prepare(
    `UPDATE workflow_action SET trigger_count = max(0, trigger_count + ?)
     WHERE workflow_id = ? AND trigger_type = ? AND has_jobs = 0`,
  ).run(change * ids.length, workflow, trigger);
}

/** Triggers `on_workflow_complete`, once. */
export function triggerCompletion(db: WorkflowDatabase, workflow: number): void {
  db.prepare(
    `UPDATE workflow_action SET trigger_count = max(1, trigger_count)
     WHERE workflow_id = ? AND trigger_type = 'on_workflow_complete'`,
  ).run(workflow);
}

function hasActions(db: WorkflowDatabase, workflow: number, trigger: string): boolean {
  const sql = 'SELECT 1 FROM workflow_action WHERE workflow_id = ? AND trigger_type = ? LIMIT 1';
  return db.prepare(sql).get(workflow, trigger) !== undefined;
}

/**
 * Makes the actions of a workflow ready for a new run: those that a recovery has added are gone, none is executed, and
 * jobs that are ready or done already are counted.
 */
export function resetActions(db: WorkflowDatabase, workflow: number): void {
  db.prepare('DELETE FROM workflow_action WHERE workflow_id = ? AND is_recovery = 1').run(workflow);
  db.prepare(
    `UPDATE workflow_action SET executed = 0, executed_by = NULL,
       trigger_count = trigger_type IN (${AT_START.map((name) => `'${name}'`).join(', ')})
     WHERE workflow_id = ?`,
  ).run(workflow);
  for (const [trigger, counted] of Object.entries(COUNTED)) {
    if (!hasActions(db, workflow, trigger)) continue;
    db.prepare(
      `UPDATE workflow_action SET trigger_count = CASE has_jobs
         WHEN 1 THEN (SELECT count(*) FROM workflow_action_job JOIN job ON job.id = job_id
                      WHERE action_id = workflow_action.id AND ${counted})
         ELSE (SELECT count(*) FROM job WHERE job.workflow_id = workflow_action.workflow_id AND ${counted})
       END
       WHERE workflow_id = ? AND trigger_type = ?`,
    ).run(workflow, trigger);
  }
}
