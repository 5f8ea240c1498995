import { isComplete, type JobStatus } from '../wire/job-status.js';
import type { JobModel } from '../wire/jobs.js';
import { listAll } from './all.js';
import type { Client } from './client.js';
import { type FileTime, hasChanged, storeTime } from './file-times.js';
import { checkInitialization, type InitializationCheck, refuseMissing } from './initialization-check.js';
import { beginRun, type InitializeOptions, refuseArchived } from './initialize.js';

/** What made jobs run again. */
export interface Reinitialized {
  check: InitializationCheck;
  /** Paths. */
  changedFiles: string[];
  /** Names of jobs. */
  missingOutputs: string[];
  changedInputs: string[];
}

/**
 * Continues a workflow in a new run: what is complete stays complete, unless its inputs or its definition have changed
 * or its output files are gone; then it runs again with all that is downstream of it.
 *
 * @throws AfterokError when it is archived, or something that it needs is missing
 */
export async function reinitialize(
  client: Client,
  workflow: number,
  { force = false }: InitializeOptions = {},
): Promise<Reinitialized> {
  await refuseArchived(client, workflow);
  const check = await checkInitialization(client, workflow);
  refuseMissing(check, force);
  await client.workflows.resetStatus({ id: workflow, force });
  const run = await beginRun(client, workflow);
  const changed = check.files.filter(hasChanged);
  for (const time of changed) await resetConsumers(client, workflow, time, run);
  const missingOutputs = await resetWithoutOutputs(client, workflow, check.files, run);
  const changedInputs = await client.workflows.processChangedJobInputs({ id: workflow });
  await client.workflows.initializeJobs({ id: workflow, only_uninitialized: true });
  return {
    ...{ check, missingOutputs },
    changedFiles: changed.map(({ file }) => file.path),
    changedInputs: changedInputs.reinitialized_jobs ?? [],
  };
}

/** Names of jobs that `reinitialize` would run again because of their definition or user data. Changes nothing. */
export async function jobsWithChangedInputs(client: Client, workflow: number): Promise<string[]> {
  const answer = await client.workflows.processChangedJobInputs({ id: workflow, dry_run: true });
  return answer.reinitialized_jobs ?? [];
}

async function resetConsumers(client: Client, workflow: number, time: FileTime, run: number): Promise<void> {
  const consumers = await listAll(client.jobs.list, { workflow_id: workflow, needs_file_id: time.file.id });
  const stale = consumers.filter(({ status }) => hasEnded(status));
  for (const job of stale) await reset(client, job, run);
  await storeTime(client, time);
}

/** @returns names of completed jobs whose output files are gone */
async function resetWithoutOutputs(
  client: Client,
  workflow: number,
  files: readonly FileTime[],
  run: number,
): Promise<string[]> {
  const missing = new Set(files.filter(({ onDisk }) => onDisk === null).map(({ file }) => file.id));
  if (missing.size === 0) return [];
  const completed = await listAll(client.jobs.list, {
    ...{ workflow_id: workflow, status: 'completed' as const, include_relationships: true },
  });
  const without = completed.filter((job) => job.output_file_ids?.some((id) => missing.has(id)));
  for (const job of without) await reset(client, job, run);
  return without.map(({ name }) => name);
}

async function reset(client: Client, { id }: JobModel, run_id: number): Promise<void> {
  if (id !== undefined) await client.jobs.changeStatus({ id, status: 'uninitialized', run_id });
}

function hasEnded(status: JobStatus | undefined): boolean {
  return status !== undefined && isComplete(status);
}
