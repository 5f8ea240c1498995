import type { WorkflowStatusModel } from '../../wire/workflow-status.js';
import { hasJobIn } from './completeness.js';
import type { WorkflowDatabase } from './database.js';
import { EVENT } from './events.js';
import { downstreamOf } from './initialize.js';
import { statusList } from './job-transitions.js';
import { moveJobs, ofWorkflow } from './move-jobs.js';
import { Refusal } from './refusal.js';
import { putWorkflowStatus, workflowStatus } from './workflows.js';

/** Who asks, and when: milliseconds since the epoch. */
export interface Asked {
  user: string;
  now: number;
}

/** States of jobs that `reset_job_status` of failed jobs is about. */
const FAILURES = ['failed', 'canceled', 'terminated', 'pending_failed'] as const;

/**
 * Cancels a workflow: no job of it is claimed any more, and those that run or are about to are canceled; their runners
 * find out. Jobs that wait stay as they are.
 *
 * @returns ids of the jobs that were canceled
 * @throws Refusal when there is no such workflow
 */
export function cancelWorkflow(
  db: WorkflowDatabase,
  id: number,
  { user, now }: Asked,
): { status: WorkflowStatusModel; canceled: number[] } {
  return db.write(() => {
    const before = workflowStatus(db, id);
    const status = putWorkflowStatus(db, id, { ...before, is_canceled: true });
    const canceled = moveJobs(db, id, 'cancel', 'canceled', ofWorkflow(id));
    const message = `Workflow ${id} was canceled by ${user}: ${canceled.length} jobs ended`;
    const data = { category: 'workflow_canceled', message, workflow_id: id, run_id: before.run_id };
    EVENT.insert(db, { workflow_id: id, timestamp: now, data });
    return { status, canceled };
  });
}

/**
 * Makes a workflow's own status that of one that was never canceled; the run stays.
 *
 * @param force also with jobs that run and nodes that are scheduled
 * @throws Refusal for an archived workflow, and for one that is at work
 */
export function resetWorkflowStatus(
  db: WorkflowDatabase,
  id: number,
  force: boolean,
  { user, now }: Asked,
): WorkflowStatusModel {
  return db.write(() => {
    const { is_archived: isArchived, run_id } = workflowStatus(db, id);
    if (isArchived === true) throw new Refusal('invalid', `workflow ${id} is archived: unarchive it first`);
    if (!force) refuseWork(db, id);
    const data = { category: 'user_action', action: 'reset_workflow_status', user, workflow_id: id, force };
    EVENT.insert(db, { workflow_id: id, timestamp: now, data });
    return putWorkflowStatus(db, id, { run_id, is_canceled: false });
  });
}

function refuseWork(db: WorkflowDatabase, id: number): void {
  if (hasJobIn(db, id, ['pending', 'running'])) {
    throw new Refusal('invalid', `workflow ${id} has jobs that are running or pending; force overrides this`);
  }
  const sql = `SELECT 1 FROM scheduled_compute_node WHERE workflow_id = ? AND status IN ('pending', 'active') LIMIT 1`;
  if (db.prepare(sql).get(id) !== undefined) {
    throw new Refusal(
      'invalid',
      `workflow ${id} has scheduled nodes that are pending or active; force overrides this`,
    );
  }
}

/**
 * Makes jobs uninitialized; disabled ones stay so.
 *
 * @param failedOnly whether only those that did not complete, and all that is downstream of them
 * @returns how many jobs changed
 * @throws Refusal when there is no such workflow
 */
export function resetJobs(
  db: WorkflowDatabase,
  workflow: number,
  failedOnly: boolean,
  { user, now }: Asked,
): number {
  return db.write(() => {
    workflowStatus(db, workflow);
    const scope = failedOnly
      ? { sql: `id IN (${downstreamOf(statusList(FAILURES))})`, values: [workflow] }
      : ofWorkflow(workflow);
    const count = moveJobs(db, workflow, 'reset', 'uninitialized', scope).length;
    const data = {
      ...{ category: 'user_action', action: 'reset_job_status', user, workflow_id: workflow },
      ...{ failed_only: failedOnly, updated_count: count },
    };
    EVENT.insert(db, { workflow_id: workflow, timestamp: now, data });
    return count;
  });
}
