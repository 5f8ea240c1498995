import type { Page } from '../../wire/page.js';
import type { WorkflowStatusModel } from '../../wire/workflow-status.js';
import type { WorkflowModel } from '../../wire/workflows.js';
import type { WorkflowDatabase } from './database.js';
import { insertDefaultRequirements } from './default-requirements.js';
import { missing } from './refusal.js';
import { releaseAll } from './release-dependents.js';
import { type ListRequest, Table } from './table.js';

export const WORKFLOW = new Table<WorkflowModel>(
  'workflow',
  [
    'name',
    'user',
    'description',
    'timestamp',
    'compute_node_expiration_buffer_seconds',
    'compute_node_wait_for_new_jobs_seconds',
    'compute_node_ignore_workflow_completion',
    'compute_node_wait_for_healthy_database_minutes',
    'compute_node_min_time_for_new_jobs_seconds',
    'jobs_sort_method',
    'resource_monitor_config',
    'slurm_defaults',
    'use_pending_failed',
  ],
  { compute_node_ignore_workflow_completion: 'boolean', use_pending_failed: 'boolean' },
);

/** Settings of a workflow whose creator says nothing about them. */
const DEFAULTS = {
  compute_node_expiration_buffer_seconds: 60,
  compute_node_wait_for_new_jobs_seconds: 90,
  compute_node_ignore_workflow_completion: false,
  compute_node_wait_for_healthy_database_minutes: 20,
  compute_node_min_time_for_new_jobs_seconds: 300,
  jobs_sort_method: 'gpus_runtime_memory',
} as const;

/** The workflow's own status, in the columns of its row that are a resource of their own on the wire. */
const STATUS = new Table<WorkflowStatusModel>(
  'workflow',
  ['is_canceled', 'is_archived', 'run_id', 'has_detected_need_to_run_completion_script'],
  { is_canceled: 'boolean', is_archived: 'boolean', has_detected_need_to_run_completion_script: 'boolean' },
);

/** Creates a workflow with its default resource requirements. @param now milliseconds since the epoch */
export function createWorkflow(db: WorkflowDatabase, model: WorkflowModel, now: number): WorkflowModel {
  return db.write(() => {
    const { id: _id, status_id: _status, ...given } = model;
    const created = WORKFLOW.insert(db, { ...DEFAULTS, ...given, timestamp: new Date(now).toISOString() });
    insertDefaultRequirements(db, created.id as number);
    return withStatusId(created);
  });
}

/** @throws Refusal when there is none */
export function getWorkflow(db: WorkflowDatabase, id: number): WorkflowModel {
  const workflow = WORKFLOW.get(db, id);
  if (workflow === null) throw missing('Workflow', id);
  return withStatusId(workflow);
}

export function listWorkflows(db: WorkflowDatabase, request: ListRequest): Page<WorkflowModel> {
  const page = WORKFLOW.list(db, request);
  return { ...page, items: page.items.map(withStatusId) };
}

/** Changes the settings that are given. @throws Refusal when there is no such workflow */
export function updateWorkflow(db: WorkflowDatabase, id: number, model: WorkflowModel): WorkflowModel {
  return db.write(() => {
    getWorkflow(db, id);
    const { id: _id, status_id: _status, timestamp: _timestamp, ...changes } = model;
    return withStatusId(WORKFLOW.update(db, id, changes));
  });
}

/** Removes a workflow and all that belongs to it. @returns what it was @throws Refusal when there is none */
export function removeWorkflow(db: WorkflowDatabase, id: number): WorkflowModel {
  return db.write(() => {
    const workflow = getWorkflow(db, id);
    WORKFLOW.remove(db, id);
    return workflow;
  });
}

/** @throws Refusal when there is no such workflow */
export function workflowStatus(db: WorkflowDatabase, id: number): WorkflowStatusModel {
  const status = STATUS.get(db, id);
  if (status === null) throw missing('Workflow', id);
  return status;
}

/** @returns null when there is no such workflow */
export function currentRun(db: WorkflowDatabase, id: number): number | null {
  return STATUS.get(db, id)?.run_id ?? null;
}

/**
 * Replaces the status of a workflow. Jobs that had lost their last open dependency while the workflow was canceled are
 * decided about when it is canceled no more.
 *
 * @throws Refusal when there is no such workflow
 */
export function putWorkflowStatus(
  db: WorkflowDatabase,
  id: number,
  status: WorkflowStatusModel,
): WorkflowStatusModel {
  return db.write(() => {
    const before = workflowStatus(db, id);
    const { is_archived = false, has_detected_need_to_run_completion_script = false } = status;
    const { is_canceled, run_id } = status;
    const replaced = STATUS.update(db, id, {
      ...{ is_canceled, is_archived, run_id, has_detected_need_to_run_completion_script },
    });
    if (before.is_canceled && !is_canceled) releaseAll(db, id);
    return replaced;
  });
}

function withStatusId(workflow: WorkflowModel): WorkflowModel {
  return workflow.id === undefined ? workflow : { ...workflow, status_id: workflow.id };
}
