import { AfterokError } from '../errors.js';
import type { Client } from './client.js';
import { hasChanged, storeTime } from './file-times.js';
import { checkInitialization, type InitializationCheck, refuseMissing } from './initialization-check.js';

export interface InitializeOptions {
  /** Go on although input files are missing, or jobs seem to run. */
  force?: boolean;
}

/**
 * Begins a workflow from its beginning: a new run, every job uninitialised first, file times as they are on disk, and
 * then ready or blocked by the server.
 *
 * @throws AfterokError when it is archived, or something that it needs is missing
 */
export async function initialize(
  client: Client,
  workflow: number,
  { force = false }: InitializeOptions = {},
): Promise<InitializationCheck> {
  await refuseArchived(client, workflow);
  const check = await checkInitialization(client, workflow);
  refuseMissing(check, force);
  await client.workflows.resetStatus({ id: workflow, force });
  await client.workflows.resetJobStatus({ id: workflow });
  await beginRun(client, workflow);
  for (const time of check.files) {
    if (time.onDisk !== null && hasChanged(time)) await storeTime(client, time);
  }
  await client.workflows.initializeJobs({ id: workflow, clear_ephemeral_user_data: true });
  return check;
}

/** @throws AfterokError */
export async function refuseArchived(client: Client, workflow: number): Promise<void> {
  const status = await client.workflows.getStatus({ id: workflow });
  if (status.is_archived !== true) return;
  throw new AfterokError(
    'not-initializable',
    `workflow ${workflow} is archived`,
    `torc workflows archive false ${workflow}`,
  );
}

/** Counts the workflow's run up. @returns the new run's id */
export async function beginRun(client: Client, workflow: number): Promise<number> {
  const status = await client.workflows.getStatus({ id: workflow });
  const run_id = status.run_id + 1;
  await client.workflows.putStatus({ id: workflow, body: { ...status, run_id } });
  return run_id;
}
