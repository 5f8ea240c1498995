import { listAll } from '../../../client/all.js';
import type { Client } from '../../../client/client.js';
import type { JobModel } from '../../../wire/jobs.js';
import { usage } from '../../tree/option.js';

/** The one job that was asked for, or all of a workflow. @throws AfterokError for a job of another workflow */
export async function jobsToShow(
  client: Client,
  workflow: number,
  job: number | undefined,
): Promise<JobModel[]> {
  if (job === undefined) return await listAll(client.jobs.list, { workflow_id: workflow });
  const found = await client.jobs.get({ id: job });
  if (found.workflow_id !== workflow)
    throw usage(`--job-id ${job}: it belongs to workflow ${found.workflow_id}, not ${workflow}`);
  return [found];
}
