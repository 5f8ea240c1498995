import { JOB_STATUSES } from '../../wire/job-status.js';
import type { WorkflowDatabase } from './database.js';
import { SETTLED_STATUSES, statusList } from './job-transitions.js';

const UNFINISHED = JOB_STATUSES.filter((status) => !(SETTLED_STATUSES as readonly string[]).includes(status));
const INITIALIZED = JOB_STATUSES.filter((status) => status !== 'uninitialized' && status !== 'disabled');

/** Whether a job of the workflow may still run. */
export function hasUnfinishedJobs(db: WorkflowDatabase, workflow: number): boolean {
  return hasJobIn(db, workflow, UNFINISHED);
}

export function isUninitialized(db: WorkflowDatabase, workflow: number): boolean {
  return !hasJobIn(db, workflow, INITIALIZED);
}

/** Looks into the index once a status, however many jobs there are. */
export function hasJobIn(
  db: WorkflowDatabase,
  workflow: number,
  statuses: readonly (typeof JOB_STATUSES)[number][],
): boolean {
  const sql = `SELECT 1 FROM job WHERE workflow_id = ? AND status IN (${statusList(statuses)}) LIMIT 1`;
  return db.prepare(sql).get(workflow) !== undefined;
}
