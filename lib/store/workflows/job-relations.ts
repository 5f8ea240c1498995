import type { JobModel } from '../../wire/jobs.js';
import type { WorkflowDatabase } from './database.js';
import { Refusal } from './refusal.js';

/** The lists of ids that a job has, each kept in a table of its own. */
export interface Relation {
  field:
    | 'depends_on_job_ids'
    | 'input_file_ids'
    | 'output_file_ids'
    | 'input_user_data_ids'
    | 'output_user_data_ids';
  table: string;
  column: 'depends_on_job_id' | 'file_id' | 'user_data_id';
  /** The table of what the ids are of. */
  target: 'job' | 'file' | 'user_data';
}

export const DEPENDENCIES: Relation = {
  field: 'depends_on_job_ids',
  table: 'job_depends_on',
  column: 'depends_on_job_id',
  target: 'job',
};

export const RELATIONS: readonly Relation[] = [
  DEPENDENCIES,
  { field: 'input_file_ids', table: 'job_input_file', column: 'file_id', target: 'file' },
  { field: 'output_file_ids', table: 'job_output_file', column: 'file_id', target: 'file' },
  { field: 'input_user_data_ids', table: 'job_input_user_data', column: 'user_data_id', target: 'user_data' },
  {
    field: 'output_user_data_ids',
    table: 'job_output_user_data',
    column: 'user_data_id',
    target: 'user_data',
  },
];

/** What the outputs of a job are, which a runner checks. */
export const OUTPUTS = RELATIONS.filter(({ field }) => field.startsWith('output'));

/** Adds what a job is related to. @throws Refusal for an id of nothing, of another workflow's, and the job's own */
export function insertRelated(
  db: WorkflowDatabase,
  { table, column, target, field }: Relation,
  workflow: number,
  job: number,
  ids: readonly number[],
): void {
  const distinct = [...new Set(ids)].sort((a, b) => a - b);
  const own = target === 'job' ? 'AND found.id <> @job' : '';
  const { changes } = db
    .prepare(
      `INSERT INTO ${table} (job_id, ${column}, workflow_id)
       SELECT @job, found.id, @workflow FROM json_each(@ids) AS given CROSS JOIN ${target} AS found
       WHERE found.id = given.value AND found.workflow_id = @workflow ${own}`,
    )
    .run({ job, workflow, ids: JSON.stringify(distinct) });
  if (changes === distinct.length) return;
  const stored = new Set(related(db, table, column, job));
  const wrong = distinct.find((id) => !stored.has(id));
  const why =
    wrong === job && target === 'job'
      ? 'a job cannot depend on itself'
      : `workflow ${workflow} has no such ${target}`;
  throw new Refusal('invalid', `${field} ${wrong}: ${why}`, { field, value: wrong });
}

/** Ids that a job is related to, ascending. */
function related(db: WorkflowDatabase, table: string, column: string, job: number): number[] {
  const sql = `SELECT ${column} AS id FROM ${table} WHERE job_id = ? ORDER BY ${column}`;
  return (db.prepare(sql).all(job) as { id: number }[]).map(({ id }) => id);
}

/** Replaces the jobs that a job depends on. @throws Refusal as `insertRelated` does */
export function replaceDependencies(
  db: WorkflowDatabase,
  workflow: number,
  job: number,
  ids: readonly number[],
): void {
  db.prepare('DELETE FROM job_depends_on WHERE job_id = ?').run(job);
  insertRelated(db, DEPENDENCIES, workflow, job, ids);
}

/** Gives jobs their lists of ids, ascending; an empty list is left out. */
export function withRelations(
  db: WorkflowDatabase,
  jobs: readonly JobModel[],
  relations: readonly Relation[] = RELATIONS,
): JobModel[] {
  const byId = new Map(jobs.map((job) => [job.id as number, { ...job }]));
  const wanted = JSON.stringify([...byId.keys()]);
  for (const { field, table, column } of relations) {
    const rows = db
      .prepare(
        `SELECT job_id AS job, json_group_array(${column}) AS ids FROM
           (SELECT job_id, ${column} FROM ${table} WHERE job_id IN (SELECT value FROM json_each(?))
            ORDER BY job_id, ${column})
         GROUP BY job_id`,
      )
      .all(wanted) as { job: number; ids: string }[];
    for (const { job, ids } of rows) {
      const model = byId.get(job);
      if (model !== undefined) model[field] = JSON.parse(ids) as number[];
    }
  }
  return [...byId.values()];
}
