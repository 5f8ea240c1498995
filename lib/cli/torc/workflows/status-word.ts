import type { Client } from '../../../client/client.js';
import type { JobStatus } from '../../../wire/job-status.js';

/** A workflow in one word, for `jq -r .status` in scripts. */
export type StatusWord = 'uninitialized' | 'running' | 'completed' | 'failed' | 'canceled';

/** Jobs that ended like this make a workflow one that failed. */
const BAD_ENDS: readonly JobStatus[] = ['failed', 'terminated', 'canceled'];

/** The word is derived from what the server says of the workflow and of its jobs. */
export async function statusWord(client: Client, id: number): Promise<StatusWord> {
  const { is_complete: isComplete, is_canceled: isCanceled } = await client.workflows.isComplete({ id });
  if (isCanceled) return 'canceled';
  if (!isComplete) {
    const { is_uninitialized: isFresh } = await client.workflows.isUninitialized({ id });
    return isFresh ? 'uninitialized' : 'running';
  }
  const bad = BAD_ENDS.map((status) => client.jobs.list({ workflow_id: id, status, limit: 1 }));
  return (await Promise.all(bad)).some(({ count }) => count > 0) ? 'failed' : 'completed';
}
