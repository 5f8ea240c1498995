import type { JobModel } from '../wire/jobs.js';
import { RUNNER_VARIABLE } from './runner-identity.js';

/** A job as a runner gets it. */
export type ClaimedJob = JobModel & { id: number };

/** What jobs are told about where they run. */
export interface JobSurroundings {
  workflowId: number;
  outputDir: string;
  apiUrl: string;
  /** Who runs them, as `runnerIdentity` says it. */
  runner: string;
}

/** The text for `bash -c`: the job's command, behind what invokes it if there is something. */
export function commandOf({ command, invocation_script: script }: JobModel): string {
  return script === undefined || script.trim() === '' ? command : `${script} ${command}`;
}

/** What a job finds in its environment beside what the runner has. */
export function jobEnvironment(
  job: ClaimedJob,
  { workflowId, outputDir, apiUrl, runner }: JobSurroundings,
  gpus: readonly string[],
): Record<string, string> {
  return {
    TORC_WORKFLOW_ID: String(workflowId),
    TORC_JOB_ID: String(job.id),
    TORC_JOB_NAME: job.name,
    TORC_OUTPUT_DIR: outputDir,
    TORC_ATTEMPT_ID: String(attemptOf(job)),
    TORC_API_URL: apiUrl,
    [RUNNER_VARIABLE]: runner,
    ...(gpus.length === 0 ? {} : { CUDA_VISIBLE_DEVICES: gpus.join(',') }),
  };
}

export function attemptOf({ attempt_id = 1 }: JobModel): number {
  return attempt_id;
}
