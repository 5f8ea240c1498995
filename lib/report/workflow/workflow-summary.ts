import type { ComputeNodeModel, ScheduledComputeNodesModel } from '../../wire/compute-nodes.js';
import { JOB_STATUSES, type JobStatus } from '../../wire/job-status.js';
import type { JobModel } from '../../wire/jobs.js';
import type { ResultModel } from '../../wire/results.js';
import type { WorkflowModel } from '../../wire/workflows.js';
import { durationText } from './amounts.js';

/** A workflow at one glance, as it stands in JSON. */
export interface WorkflowSummary {
  workflow_id: number;
  workflow_name: string;
  workflow_user: string;
  total_jobs: number;
  jobs_by_status: Record<JobStatus, number>;
  total_exec_time_minutes: number;
  total_exec_time_formatted: string;
  active_compute_nodes: number;
  pending_scheduled_nodes: number;
  active_scheduled_nodes: number;
  is_complete: boolean;
  is_canceled: boolean;
  /** From the start of the first runner to the last result; absent before. */
  walltime_seconds?: number;
  walltime_formatted?: string;
}

export interface SummaryRows {
  workflow: WorkflowModel;
  jobs: readonly JobModel[];
  results: readonly ResultModel[];
  nodes: readonly ComputeNodeModel[];
  scheduledNodes: readonly ScheduledComputeNodesModel[];
  isComplete: boolean;
  isCanceled: boolean;
}

export function workflowSummary(rows: SummaryRows): WorkflowSummary {
  const { workflow, jobs, results, nodes, scheduledNodes } = rows;
  const minutes = results.reduce((sum, { exec_time_minutes }) => sum + exec_time_minutes, 0);
  const walltime = walltimeOf(nodes, results);
  const scheduled = (wanted: string) => scheduledNodes.filter(({ status }) => status === wanted).length;
  return {
    ...{ workflow_id: workflow.id ?? 0, workflow_name: workflow.name, workflow_user: workflow.user },
    ...{ total_jobs: jobs.length, jobs_by_status: countByStatus(jobs) },
    ...{ total_exec_time_minutes: minutes, total_exec_time_formatted: durationText(minutes * 60) },
    active_compute_nodes: nodes.filter(({ is_active }) => is_active === true).length,
    ...{ pending_scheduled_nodes: scheduled('pending'), active_scheduled_nodes: scheduled('active') },
    ...{ is_complete: rows.isComplete, is_canceled: rows.isCanceled },
    ...(walltime === null ? {} : { walltime_seconds: walltime, walltime_formatted: durationText(walltime) }),
  };
}

function countByStatus(jobs: readonly JobModel[]): Record<JobStatus, number> {
  const counts = Object.fromEntries(JOB_STATUSES.map((status) => [status, 0])) as Record<JobStatus, number>;
  for (const { status = 'uninitialized' } of jobs) counts[status] += 1;
  return counts;
}

function walltimeOf(nodes: readonly ComputeNodeModel[], results: readonly ResultModel[]): number | null {
  const starts = nodes.map(({ start_time }) => Date.parse(start_time)).filter(Number.isFinite);
  const ends = results.map(({ completion_time }) => Date.parse(completion_time)).filter(Number.isFinite);
  if (starts.length === 0 || ends.length === 0) return null;
  const earliest = starts.reduce((a, b) => Math.min(a, b));
  return Math.max(0, (ends.reduce((a, b) => Math.max(a, b)) - earliest) / 1000);
}
