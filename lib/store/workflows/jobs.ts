import type { JobStatus } from '../../wire/job-status.js';
import type { JobModel } from '../../wire/jobs.js';
import type { Page } from '../../wire/page.js';
import type { WorkflowDatabase } from './database.js';
import { withRelations } from './job-relations.js';
import { missing } from './refusal.js';
import { type Condition, equals, type ListRequest, Table } from './table.js';

/** A job without its lists of ids. */
export const JOB = new Table<JobModel>(
  'job',
  [
    'workflow_id',
    'name',
    'command',
    'invocation_script',
    'status',
    'cancel_on_blocking_job_failure',
    'supports_termination',
    'resource_requirements_id',
    'scheduler_id',
    'failure_handler_id',
    'attempt_id',
  ],
  { cancel_on_blocking_job_failure: 'boolean', supports_termination: 'boolean' },
);

/** A job as it is in the database: what is never absent there. */
export type StoredJob = JobModel & Required<Pick<JobModel, 'id' | 'status' | 'attempt_id'>>;

/** @throws Refusal when there is none */
export function requireJob(db: WorkflowDatabase, id: number): StoredJob {
  const job = JOB.get(db, id);
  if (job === null) throw missing('Job', id);
  return { ...job, scheduler_id: job.scheduler_id ?? null } as StoredJob;
}

/** With its lists of ids. @throws Refusal when there is none */
export function getJob(db: WorkflowDatabase, id: number): JobModel {
  return withRelations(db, [requireJob(db, id)])[0] as JobModel;
}

export interface JobFilters {
  workflow_id: number;
  status?: JobStatus;
  needs_file_id?: number;
  upstream_job_id?: number;
  active_compute_node_id?: number;
}

export function listJobs(
  db: WorkflowDatabase,
  filters: JobFilters,
  page: Omit<ListRequest, 'conditions'>,
  withLists: boolean,
): Page<JobModel> {
  const found = JOB.list(db, {
    ...page,
    conditions: [
      equals('workflow_id', filters.workflow_id),
      equals('status', filters.status),
      equals('active_compute_node_id', filters.active_compute_node_id),
      related('job_input_file', 'file_id', filters.needs_file_id),
      related('job_depends_on', 'depends_on_job_id', filters.upstream_job_id),
    ],
  });
  for (const job of found.items) job.scheduler_id ??= null;
  return withLists ? { ...found, items: withRelations(db, found.items) } : found;
}

function related(table: string, column: string, id: number | undefined): Condition | null {
  if (id === undefined) return null;
  return { sql: `id IN (SELECT job_id FROM ${table} WHERE ${column} = ?)`, values: [id] };
}

export function jobIds(db: WorkflowDatabase, workflow: number): number[] {
  const rows = db.prepare('SELECT id FROM job WHERE workflow_id = ? ORDER BY id').all(workflow);
  return (rows as { id: number }[]).map(({ id }) => id);
}
