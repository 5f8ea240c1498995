import type { UserDataModel } from '../../wire/user-data.js';
import type { WorkflowDatabase } from './database.js';
import { type Condition, Table } from './table.js';

export const USER_DATA_ENTRY = new Table<UserDataModel>(
  'user_data',
  ['workflow_id', 'is_ephemeral', 'name', 'data'],
  { is_ephemeral: 'boolean', data: 'json' },
);

/** What a job does with user data, and where that is kept. */
const LINKS = { consumer: 'job_input_user_data', producer: 'job_output_user_data' } as const;

export type UserDataRole = keyof typeof LINKS;

/** Entries that a job reads or writes. */
export function userDataOf(role: UserDataRole, job: number | undefined): Condition | null {
  if (job === undefined) return null;
  return { sql: `id IN (SELECT user_data_id FROM ${LINKS[role]} WHERE job_id = ?)`, values: [job] };
}

/** Says that a job reads or writes an entry of its workflow. */
export function linkUserData(
  db: WorkflowDatabase,
  role: UserDataRole,
  job: number,
  entry: { id: number; workflow: number },
): void {
  const sql = `INSERT INTO ${LINKS[role]} (job_id, user_data_id, workflow_id) VALUES (?, ?, ?)`;
  db.prepare(sql).run(job, entry.id, entry.workflow);
}
