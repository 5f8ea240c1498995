import type { Client } from '../../client/client.js';
import { JOB_STATUSES, type JobStatus } from '../../wire/job-status.js';

/** How many jobs of a workflow are in each state, as the server counts them: no job is fetched for it but one a state. */
export async function countJobs(client: Client, id: number): Promise<Record<JobStatus, number>> {
  const counts = JOB_STATUSES.map(async (status) => {
    const { total_count: count } = await client.jobs.list({ workflow_id: id, status, limit: 1 });
    return [status, count] as const;
  });
  return Object.fromEntries(await Promise.all(counts)) as Record<JobStatus, number>;
}

/** Lines of a record: how many jobs there are, and below it the states in which some are. */
export function countFields(counts: Readonly<Record<JobStatus, number>>): Record<string, number> {
  const there = JOB_STATUSES.filter((status) => counts[status] > 0);
  return {
    Jobs: JOB_STATUSES.reduce((sum, status) => sum + counts[status], 0),
    ...Object.fromEntries(there.map((status) => [`  ${status}`, counts[status]])),
  };
}
