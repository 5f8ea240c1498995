import { parseIsoDuration } from '../../wire/iso-duration.js';
import { parseMemorySize } from '../../wire/memory-size.js';
import { durationText, excessText, percentText, sizeText } from './amounts.js';
import { diagnose, type FailedJob } from './failure-diagnosis.js';
import { type Measured, measuredJobs, type UtilizationRows } from './measured.js';

/** What of a job exceeded what was asked for it; of all jobs when the report is about all, then also what did not. */
export interface Utilization {
  job_id: number;
  job_name: string;
  resource_type: 'Memory' | 'CPU' | 'Runtime';
  specified: string;
  peak_used: string;
  /** `+31.3%` */
  over_utilization: string;
}

/** As it stands in JSON. */
export interface ResourceUtilizationReport {
  workflow_id: number;
  run_id: number | null;
  total_results: number;
  over_utilization_count: number;
  violations: Utilization[];
  failed_jobs_count?: number;
  failed_jobs?: FailedJob[];
}

export interface UtilizationOptions {
  /** Whether what was within its limits is told as well. */
  all?: boolean;
  /** Whether failed jobs are diagnosed. */
  includeFailed?: boolean;
}

/** Compares what jobs used with what they asked for. What was not measured is not compared. */
export function resourceUtilization(
  rows: UtilizationRows,
  { all = false, includeFailed = false }: UtilizationOptions = {},
): ResourceUtilizationReport {
  const measured = measuredJobs(rows);
  const compared = measured.flatMap(compare);
  const violations = compared.filter(({ isOver }) => isOver);
  const failed = measured.filter(({ result }) => result.return_code !== 0).map(diagnose);
  return {
    ...{ workflow_id: rows.workflowId, run_id: rows.runId, total_results: rows.results.length },
    over_utilization_count: violations.length,
    violations: (all ? compared : violations).map(({ isOver: _isOver, ...utilization }) => utilization),
    ...(includeFailed ? { failed_jobs_count: failed.length, failed_jobs: failed } : {}),
  };
}

function compare({ result, job, requirements }: Measured): (Utilization & { isOver: boolean })[] {
  const { peak_memory_bytes: memory = 0, peak_cpu_percent: cpu = 0, exec_time_minutes: minutes } = result;
  const kinds = [
    ['Memory', parseMemorySize(requirements.memory), memory, sizeText],
    ['CPU', requirements.num_cpus * 100, cpu, percentText],
    ['Runtime', parseIsoDuration(requirements.runtime), minutes * 60, durationText],
  ] as const;
  return kinds
    .filter(([, , used]) => used > 0)
    .map(([resource_type, specified, used, text]) => ({
      ...{ job_id: result.job_id, job_name: job.name, resource_type },
      ...{ specified: text(specified), peak_used: text(used), over_utilization: excessText(used, specified) },
      isOver: used > specified,
    }));
}
