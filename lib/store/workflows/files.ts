import type { FileModel } from '../../wire/files.js';
import { type Condition, Table } from './table.js';

export const FILE = new Table<FileModel>('file', ['workflow_id', 'name', 'path', 'st_mtime']);

/** Files that a job writes; any job if none is named. */
export function producedBy(job: number | undefined): Condition {
  return job === undefined
    ? { sql: 'id IN (SELECT file_id FROM job_output_file)', values: [] }
    : { sql: 'id IN (SELECT file_id FROM job_output_file WHERE job_id = ?)', values: [job] };
}
