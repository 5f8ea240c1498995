import type { ResultModel } from '../../wire/results.js';
import { Table } from './table.js';

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
