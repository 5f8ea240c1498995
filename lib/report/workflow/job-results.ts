import type { ComputeNodeModel } from '../../wire/compute-nodes.js';
import type { JobModel } from '../../wire/jobs.js';
import type { ResultModel } from '../../wire/results.js';
import type { WorkflowModel } from '../../wire/workflows.js';
import { jobStdio, localRunnerLog, slurmRunnerLog, slurmStdio } from '../run-files.js';

/** How a job ended and where its logs lie, as it stands in JSON. */
export interface JobResultReport {
  job_id: number;
  job_name: string;
  /** `Completed`, `Failed`, … */
  status: string;
  run_id: number;
  return_code: number;
  completion_time: string;
  exec_time_minutes: number;
  compute_node_id: number;
  job_stdout: string;
  job_stderr: string;
  compute_node_type?: string;
  job_runner_log?: string;
  slurm_job_id?: string;
  slurm_stdout?: string;
  slurm_stderr?: string;
}

export interface JobResultsReport {
  workflow_id: number;
  workflow_name: string;
  workflow_user: string;
  all_runs: boolean;
  total_results: number;
  results: JobResultReport[];
}

export interface JobResultsRows {
  workflow: WorkflowModel;
  results: readonly ResultModel[];
  jobs: readonly JobModel[];
  nodes: readonly ComputeNodeModel[];
  outputDir: string;
  allRuns: boolean;
}

export function jobResults({
  workflow,
  results,
  jobs,
  nodes,
  outputDir,
  allRuns,
}: JobResultsRows): JobResultsReport {
  const nameOf = new Map(jobs.map(({ id, name }) => [id, name]));
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  return {
    ...{ workflow_id: workflow.id ?? 0, workflow_name: workflow.name, workflow_user: workflow.user },
    ...{ all_runs: allRuns, total_results: results.length },
    results: results.map((result) => ({
      ...{ job_id: result.job_id, job_name: nameOf.get(result.job_id) ?? '' },
      ...{ status: statusText(result.status), run_id: result.run_id, return_code: result.return_code },
      ...{ completion_time: result.completion_time, exec_time_minutes: result.exec_time_minutes },
      compute_node_id: result.compute_node_id,
      ...stdioOf(result, outputDir),
      ...nodeFiles(nodeOf.get(result.compute_node_id), result, outputDir),
    })),
  };
}

/** `pending_failed` → `PendingFailed` */
export function statusText(status: string): string {
  return status.replaceAll(/(?:^|_)(\w)/g, (_whole, letter: string) => letter.toUpperCase());
}

function stdioOf({ workflow_id, job_id, run_id, attempt_id = 1 }: ResultModel, outputDir: string) {
  const name = { workflow: workflow_id, job: job_id, run: run_id, attempt: attempt_id };
  const { stdout, stderr } = jobStdio(outputDir, name);
  return { job_stdout: stdout, job_stderr: stderr };
}

/** What the runner has left beside the job's own files; nothing of a runner that is not known any more. */
function nodeFiles(
  node: ComputeNodeModel | undefined,
  { workflow_id, run_id }: ResultModel,
  outputDir: string,
) {
  if (node === undefined) return {};
  const type = { compute_node_type: node.compute_node_type };
  if (node.compute_node_type === 'local') {
    return { ...type, job_runner_log: localRunnerLog(outputDir, node.hostname, workflow_id, run_id) };
  }
  const scheduler = (node.scheduler ?? {}) as { slurm_job_id?: unknown; slurm_node_id?: unknown };
  if (scheduler.slurm_job_id === undefined) return type;
  const slurmJob = String(scheduler.slurm_job_id);
  const { stdout, stderr } = slurmStdio(outputDir, workflow_id, slurmJob);
  const name = {
    workflow: workflow_id,
    slurmJob,
    node: String(scheduler.slurm_node_id ?? 0),
    task: node.pid,
  };
  return {
    ...{ ...type, job_runner_log: slurmRunnerLog(outputDir, name) },
    ...{ slurm_job_id: slurmJob, slurm_stdout: stdout, slurm_stderr: stderr },
  };
}
