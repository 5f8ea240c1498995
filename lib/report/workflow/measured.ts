import type { JobModel } from '../../wire/jobs.js';
import type { ResourceRequirementsModel } from '../../wire/resource-requirements.js';
import type { ResultModel } from '../../wire/results.js';

/** What the report is made of, as the API lists it. */
export interface UtilizationRows {
  workflowId: number;
  /** Null for the results that count now. */
  runId: number | null;
  results: readonly ResultModel[];
  jobs: readonly JobModel[];
  requirements: readonly ResourceRequirementsModel[];
}

/** A job's result beside what the job asked for. */
export interface Measured {
  result: ResultModel;
  job: JobModel;
  requirements: ResourceRequirementsModel;
}

/** Results whose jobs and requirements are known, in the order given. */
export function measuredJobs({ results, jobs, requirements }: UtilizationRows): Measured[] {
  const jobOf = new Map(jobs.map((job) => [job.id, job]));
  const requirementsOf = new Map(requirements.map((one) => [one.id, one]));
  return results.flatMap((result) => {
    const job = jobOf.get(result.job_id);
    const needs = requirementsOf.get(job?.resource_requirements_id);
    return job === undefined || needs === undefined ? [] : [{ result, job, requirements: needs }];
  });
}
