import type { Client } from '../../client/client.js';
import { levelsOf } from '../../client/levels.js';
import { type JobModel, MAX_BULK } from '../../wire/jobs.js';
import type { WorkflowJob } from '../model.js';
import { type CreatedNames, type Ids, idOf } from './created-names.js';

/** Names in one request at most, beside those of a single job: about a megabyte. */
const MAX_NAMES = 200_000;

/**
 * Creates jobs in bulk, level by level of the graph of explicit dependencies, because a job can only name those that
 * have an id; in the order of the model within a level.
 *
 * @returns their ids by name
 */
export async function createJobs(
  client: Client,
  workflow: number,
  jobs: readonly WorkflowJob[],
  names: CreatedNames,
): Promise<Ids> {
  const ids = new Map<string, number>();
  const levels = levelsOf(
    jobs,
    ({ name }) => name,
    ({ dependsOn }) => dependsOn,
  );
  for (const level of levels) {
    for (const batch of batchesOf(level)) {
      const body = { jobs: batch.map((job) => jobRecord(workflow, job, names, ids)) };
      const created = await client.jobs.createBulk({ body });
      for (const { name, id } of created.jobs ?? []) if (id !== undefined) ids.set(name, id);
    }
  }
  return ids;
}

function* batchesOf(jobs: readonly WorkflowJob[]): Generator<WorkflowJob[]> {
  let batch: WorkflowJob[] = [];
  let names = 0;
  for (const job of jobs) {
    const more = job.dependsOn.length + job.inputFiles.length + job.outputFiles.length;
    if (batch.length === MAX_BULK || (batch.length > 0 && names + more > MAX_NAMES)) {
      yield batch;
      [batch, names] = [[], 0];
    }
    batch.push(job);
    names += more;
  }
  if (batch.length > 0) yield batch;
}

function jobRecord(workflow_id: number, job: WorkflowJob, names: CreatedNames, jobs: Ids): JobModel {
  const { resourceRequirements, failureHandler, scheduler, invocationScript } = job;
  return {
    ...{ workflow_id, name: job.name, command: job.command },
    ...(invocationScript === null ? {} : { invocation_script: invocationScript }),
    cancel_on_blocking_job_failure: job.cancelOnBlockingJobFailure,
    supports_termination: job.supportsTermination,
    ...idsOf('depends_on_job_ids', job.dependsOn, jobs),
    ...idsOf('input_file_ids', job.inputFiles, names.files),
    ...idsOf('output_file_ids', job.outputFiles, names.files),
    ...idsOf('input_user_data_ids', job.inputUserData, names.userData),
    ...idsOf('output_user_data_ids', job.outputUserData, names.userData),
    ...oneId('resource_requirements_id', resourceRequirements, names.resourceRequirements),
    ...oneId('failure_handler_id', failureHandler, names.failureHandlers),
    ...oneId('scheduler_id', scheduler, names.slurmSchedulers),
  };
}

function idsOf(field: string, names: readonly string[], ids: Ids): Record<string, number[]> {
  return names.length === 0 ? {} : { [field]: names.map((name) => idOf(ids, name, field)) };
}

function oneId(field: string, name: string | null, ids: Ids): Record<string, number> {
  return name === null ? {} : { [field]: idOf(ids, name, field) };
}
