import type { ResultModel } from '../../wire/results.js';
import type { WorkflowDatabase } from './database.js';
import { type Condition, Table } from './table.js';

export const RESULT = new Table<ResultModel>('result', [
  'job_id',
  'workflow_id',
  'run_id',
  'attempt_id',
  'compute_node_id',
  'return_code',
  'exec_time_minutes',
  'completion_time',
  'peak_memory_bytes',
  'avg_memory_bytes',
  'peak_cpu_percent',
  'avg_cpu_percent',
  'status',
]);

/** Those that tell how their jobs stand now. */
export const CURRENT_RESULTS: Condition = { sql: 'is_current = 1', values: [] };

/** Makes the newest result of a job, by run and attempt, its current one. */
export function renewCurrentResult(db: WorkflowDatabase, job: number): void {
  db.prepare('UPDATE result SET is_current = 0 WHERE job_id = ? AND is_current = 1').run(job);
  db.prepare(
    `UPDATE result SET is_current = 1
     WHERE id = (SELECT id FROM result WHERE job_id = ? ORDER BY run_id DESC, attempt_id DESC LIMIT 1)`,
  ).run(job);
}
