import { ApiResponseError, ServerUnreachableError } from '../client/client-errors.js';
import { called, type RunContext } from './context.js';
import type { ClaimedJob } from './job-command.js';

/**
 * Tells the server that a claimed job runs on this runner, where it does not know that from the claim: Torc's does not.
 *
 * @returns false when the server gives the job to nobody, or has given it to another runner
 */
export async function startJob(context: RunContext, job: ClaimedJob): Promise<boolean> {
  const { client, runId, nodeId, workflowId, log } = context;
  const { id } = job;
  if (job.status === 'running') return true;
  try {
    await client.jobs.start({ id, run_id: runId, compute_node_id: nodeId });
    return true;
  } catch (error) {
    if (!(error instanceof ApiResponseError)) throw error;
    // The first request may have got through, and only its answer was lost.
    const mine = await client.jobs.list({ workflow_id: workflowId, active_compute_node_id: nodeId });
    if (mine.items.some((one) => one.id === id)) return true;
    log.warn(`${called(job)} is not ours to run: ${error.message}`);
    return false;
  }
}

/**
 * Lets any runner claim a job that this one has claimed, or that nobody seems to start. Nothing happens when the server
 * is away: asked again later it might take the job from a runner that has it by then, and who looks for leftovers finds
 * it anyway.
 */
export async function makeReady({ impatient, runId, log }: RunContext, job: ClaimedJob): Promise<void> {
  try {
    await impatient.jobs.changeStatus({ id: job.id, status: 'ready', run_id: runId });
    log.info(`${called(job)} was claimed, has not been started, and is ready again`);
  } catch (error) {
    if (!(error instanceof ApiResponseError || error instanceof ServerUnreachableError)) throw error;
    log.warn(`${called(job)} is not made ready again: ${error.message}`);
  }
}
