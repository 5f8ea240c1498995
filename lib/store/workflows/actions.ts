import type { WorkflowActionModel } from '../../wire/actions.js';
import type { WorkflowDatabase } from './database.js';
import { missing, Refusal } from './refusal.js';
import { Table } from './table.js';

/** An action without its jobs. */
const ACTION = new Table<WorkflowActionModel & { has_jobs?: boolean }>(
  'workflow_action',
  [
    'workflow_id',
    'trigger_type',
    'action_type',
    'action_config',
    'has_jobs',
    'trigger_count',
    'required_triggers',
    'executed',
    'executed_at',
    'executed_by',
    'persistent',
    'is_recovery',
  ],
  {
    action_config: 'json',
    has_jobs: 'boolean',
    executed: 'boolean',
    persistent: 'boolean',
    is_recovery: 'boolean',
  },
);

/** Triggers that wait for as many jobs as the action names. */
const COUNTING = ['on_jobs_ready', 'on_jobs_complete'];

/**
 * Creates an action of a workflow, which must be there.
 *
 * @throws Refusal for a job or a compute node that the workflow does not have
 */
export function createAction(
  db: WorkflowDatabase,
  workflow: number,
  model: WorkflowActionModel,
): WorkflowActionModel {
  return db.write(() => {
    const { id: _id, job_ids: jobs, required_triggers: _computed, ...given } = model;
    const distinct = [...new Set(jobs)];
    const isCounting = distinct.length > 0 && COUNTING.includes(model.trigger_type);
    const created = ACTION.insert(db, {
      ...given,
      workflow_id: workflow,
      has_jobs: jobs !== undefined,
      required_triggers: isCounting ? distinct.length : 1,
    });
    for (const job of distinct) addJob(db, workflow, created.id as number, job);
    return withJobs(db, [created])[0] as WorkflowActionModel;
  });
}

function addJob(db: WorkflowDatabase, workflow: number, action: number, job: number): void {
  const sql = `INSERT INTO workflow_action_job (action_id, job_id) SELECT ?, id FROM job WHERE id = ? AND workflow_id = ?`;
  if (db.prepare(sql).run(action, job, workflow).changes > 0) return;
  throw new Refusal('invalid', `job_ids ${job}: workflow ${workflow} has no such job`, {
    field: 'job_ids',
    value: job,
  });
}

export function listActions(db: WorkflowDatabase, workflow: number): WorkflowActionModel[] {
  return select(db, 'workflow_id = ?', [workflow]);
}

/** Actions that are triggered and not executed. @param triggers only of these kinds; undefined: of all */
export function pendingActions(
  db: WorkflowDatabase,
  workflow: number,
  triggers: readonly string[] | undefined,
): WorkflowActionModel[] {
  const due = 'workflow_id = ? AND trigger_count >= required_triggers AND executed = 0';
  if (triggers === undefined || triggers.length === 0) return select(db, due, [workflow]);
  const wanted = 'trigger_type IN (SELECT value FROM json_each(?))';
  return select(db, `${due} AND ${wanted}`, [workflow, JSON.stringify(triggers)]);
}

/**
 * Gives an action to one claimer and no other, or to everyone if it is persistent.
 *
 * @param now milliseconds since the epoch
 * @returns whether the claimer has to carry it out
 * @throws Refusal when the workflow has no such action or compute node
 */
export function claimAction(
  db: WorkflowDatabase,
  workflow: number,
  id: number,
  node: number | null,
  now: number,
): boolean {
  return db.write(() => {
    const action = ACTION.get(db, id);
    if (action?.workflow_id !== workflow) throw missing('Action', id);
    if (node !== null) requireNode(db, workflow, node);
    const persistent = action.persistent === true;
    const set = persistent ? 'executed_at = ?' : 'executed_at = ?, executed = 1, executed_by = ?';
    const values = persistent ? [] : [node];
    const at = new Date(now).toISOString();
    return (
      db.prepare(`UPDATE workflow_action SET ${set} WHERE id = ? AND executed = 0`).run(at, ...values, id)
        .changes > 0
    );
  });
}

function requireNode(db: WorkflowDatabase, workflow: number, node: number): void {
  const sql = 'SELECT 1 FROM compute_node WHERE id = ? AND workflow_id = ?';
  if (db.prepare(sql).get(node, workflow) !== undefined) return;
  const message = `compute_node_id ${node}: workflow ${workflow} has no such compute node`;
  throw new Refusal('invalid', message, { field: 'compute_node_id', value: node });
}

function select(db: WorkflowDatabase, condition: string, values: readonly unknown[]): WorkflowActionModel[] {
  const rows = db.prepare(`SELECT id FROM workflow_action WHERE ${condition}`).all(...values) as {
    id: number;
  }[];
  return withJobs(
    db,
    ACTION.getMany(
      db,
      rows.map(({ id }) => id),
    ),
  );
}

function withJobs(
  db: WorkflowDatabase,
  actions: readonly (WorkflowActionModel & { has_jobs?: boolean })[],
): WorkflowActionModel[] {
  const jobs = db.prepare('SELECT job_id AS id FROM workflow_action_job WHERE action_id = ? ORDER BY job_id');
  return actions.map(({ has_jobs: hasJobs, ...action }) => {
    if (hasJobs !== true) return action;
    return { ...action, job_ids: (jobs.all(action.id) as { id: number }[]).map(({ id }) => id) };
  });
}
