import type { Page } from '../../wire/page.js';
import type {
  JobDependencyModel,
  JobFileRelationshipModel,
  JobUserDataRelationshipModel,
} from '../../wire/relationships.js';
import type { WorkflowDatabase } from './database.js';
import { pageOf } from './table.js';

interface Part {
  offset?: number;
  limit?: number;
}

/** Which job depends on which, in the order of their ids. */
export function listDependencies(
  db: WorkflowDatabase,
  workflow: number,
  part: Part,
): Page<JobDependencyModel> {
  return list(db, workflow, part, {
    from: `job CROSS JOIN job_depends_on ON job_depends_on.job_id = job.id
      CROSS JOIN job AS upstream ON upstream.id = depends_on_job_id WHERE job.workflow_id = ?`,
    columns: `job.id AS job_id, job.name AS job_name, upstream.id AS depends_on_job_id,
      upstream.name AS depends_on_job_name, job.workflow_id`,
    order: 'job.id, depends_on_job_id',
  });
}

/** Which jobs write and read each file: a line for each writer and reader together. */
export function listFileRelationships(
  db: WorkflowDatabase,
  workflow: number,
  part: Part,
): Page<JobFileRelationshipModel> {
  return list(db, workflow, part, producersAndConsumers('file', 'thing.path AS file_path,'));
}

/** The same for user data. */
export function listUserDataRelationships(
  db: WorkflowDatabase,
  workflow: number,
  part: Part,
): Page<JobUserDataRelationshipModel> {
  return list(db, workflow, part, producersAndConsumers('user_data', ''));
}

interface Selection {
  from: string;
  columns: string;
  order: string;
}

function producersAndConsumers(kind: 'file' | 'user_data', more: string): Selection {
  return {
    from: `${kind} AS thing
      LEFT JOIN job_output_${kind} AS output ON output.${kind}_id = thing.id
      LEFT JOIN job AS producer ON producer.id = output.job_id
      LEFT JOIN job_input_${kind} AS input ON input.${kind}_id = thing.id
      LEFT JOIN job AS consumer ON consumer.id = input.job_id
      WHERE thing.workflow_id = ? AND (output.job_id IS NOT NULL OR input.job_id IS NOT NULL)`,
    columns: `thing.id AS ${kind}_id, thing.name AS ${kind}_name, ${more}
      producer.id AS producer_job_id, producer.name AS producer_job_name,
      consumer.id AS consumer_job_id, consumer.name AS consumer_job_name, thing.workflow_id`,
    order: 'thing.id, producer.id, consumer.id',
  };
}

function list<M>(
  db: WorkflowDatabase,
  workflow: number,
  part: Part,
  { from, columns, order }: Selection,
): Page<M> {
  const { offset = 0, limit = -1 } = part;
  const rows = db
    .prepare(`SELECT ${columns} FROM ${from} ORDER BY ${order} LIMIT ? OFFSET ?`)
    .all(workflow, limit, offset) as Record<string, unknown>[];
  const { total } = db.prepare(`SELECT count(*) AS total FROM ${from}`).get(workflow) as { total: number };
  const items = rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
  );
  return pageOf(items as M[], offset, total);
}
