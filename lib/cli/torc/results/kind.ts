import type { ResultModel } from '../../../wire/results.js';
import type { RecordKind } from '../record-command.js';

export const RESULT: RecordKind<ResultModel> = {
  noun: 'result',
  group: 'results',
  columns: [
    ['ID', (result) => result.id],
    ['Job ID', (result) => result.job_id],
    ['Run ID', (result) => result.run_id],
    ['Attempt', (result) => result.attempt_id],
    ['Return Code', (result) => result.return_code],
    ['Exec Time (min)', (result) => result.exec_time_minutes.toFixed(2)],
    ['Peak Mem', (result) => size(result.peak_memory_bytes)],
    ['Peak CPU %', (result) => result.peak_cpu_percent?.toFixed(1)],
    ['Completion Time', (result) => result.completion_time],
    ['Status', (result) => result.status],
  ],
  more: [
    ['Avg Mem', (result) => size(result.avg_memory_bytes)],
    ['Avg CPU %', (result) => result.avg_cpu_percent?.toFixed(1)],
    ['Compute Node ID', (result) => result.compute_node_id],
    ['Workflow ID', (result) => result.workflow_id],
  ],
};

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

function size(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
