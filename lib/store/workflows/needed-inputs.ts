import type { WorkflowDatabase } from './database.js';

/** What must be there before a workflow starts: inputs that no job makes, and outputs of jobs that are completed. */
const NEEDED = {
  file: needed('file'),
  user_data: needed('user_data'),
} as const;

/** Ids of files. */
export function requiredExistingFiles(db: WorkflowDatabase, workflow: number): number[] {
  return ids(db, `SELECT id FROM file WHERE workflow_id = ? AND ${NEEDED.file} ORDER BY id`, workflow);
}

/** Ids of user data of which there should be some and is none. */
export function missingUserData(db: WorkflowDatabase, workflow: number): number[] {
  const sql = `SELECT id FROM user_data WHERE workflow_id = ? AND data IS NULL AND ${NEEDED.user_data} ORDER BY id`;
  return ids(db, sql, workflow);
}

function needed(kind: 'file' | 'user_data'): string {
  const of = (direction: 'input' | 'output') =>
    `FROM job_${direction}_${kind} AS used WHERE used.${kind}_id = ${kind}.id`;
  return `((EXISTS (SELECT 1 ${of('input')}) AND NOT EXISTS (SELECT 1 ${of('output')}))
    OR EXISTS (SELECT 1 ${of('output')} AND used.job_id IN (SELECT id FROM job WHERE status = 'completed' AND id = used.job_id)))`;
}

function ids(db: WorkflowDatabase, sql: string, workflow: number): number[] {
  return (db.prepare(sql).all(workflow) as { id: number }[]).map(({ id }) => id);
}
