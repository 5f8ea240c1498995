import { join } from 'node:path';

/** One attempt of a job, as its files are named after it. */
export interface AttemptName {
  workflow: number;
  job: number;
  run: number;
  attempt: number;
}

/** Where one attempt's standard output and standard error go, below a runner's output directory. */
export function jobStdio(
  outputDir: string,
  { workflow, job, run, attempt }: AttemptName,
): { stdout: string; stderr: string } {
  const path = join(stdioFolder(outputDir), `job_wf${workflow}_j${job}_r${run}_a${attempt}`);
  return { stdout: `${path}.o`, stderr: `${path}.e` };
}

export function stdioFolder(outputDir: string): string {
  return join(outputDir, 'job_stdio');
}

/** The log of a runner on this machine. */
export function localRunnerLog(outputDir: string, host: string, workflow: number, run: number): string {
  return join(outputDir, `job_runner_${host}_wf${workflow}_r${run}.log`);
}

/** A runner within a Slurm allocation, as its files are named after it. */
export interface AllocationName {
  workflow: number;
  slurmJob: string | number;
  node: string | number;
  task: string | number;
}

/** The log of a runner in a Slurm allocation. */
export function slurmRunnerLog(
  outputDir: string,
  { workflow, slurmJob, node, task }: AllocationName,
): string {
  return join(outputDir, `job_runner_slurm_wf${workflow}_sl${slurmJob}_n${node}_pid${task}.log`);
}

/** Where sbatch puts what an allocation prints. */
export function slurmStdio(
  outputDir: string,
  workflow: number,
  slurmJob: string | number,
): { stdout: string; stderr: string } {
  const path = join(outputDir, `slurm_output_wf${workflow}_sl${slurmJob}`);
  return { stdout: `${path}.o`, stderr: `${path}.e` };
}

/** @param label the host, or `{jobid}_{nodeid}_{pid}` in a Slurm allocation */
export function metricsDatabase(outputDir: string, label: string, workflow: number, run: number): string {
  return join(outputDir, 'resource_utilization', `resource_metrics_${label}_${workflow}_${run}.db`);
}
