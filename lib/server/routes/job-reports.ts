import { completeJob } from '../../store/workflows/attempts.js';
import type { StoredJob } from '../../store/workflows/jobs.js';
import type { JobStatus } from '../../wire/job-status.js';
import type { ResultModel } from '../../wire/results.js';
import { clientMistake } from '../client-mistake.js';
import type { ServerContext } from '../handlers.js';
import { publishCanceled, publishEnd } from './job-events.js';

/** Keeps how a job's attempt ended, and tells listeners of it and of what is canceled for that reason. @throws Refusal */
export function takeReport(
  context: ServerContext,
  id: number,
  run: number,
  status: JobStatus,
  report: ResultModel,
): StoredJob {
  const { job, result, canceled } = completeJob(context.db, id, run, status, report);
  publishEnd(context, job, result.return_code);
  publishCanceled(context, canceled);
  return job;
}

/** Takes one of several reports: what is wrong with it keeps none of the others from being taken. */
export function takeOneReport(context: ServerContext, workflow: number, report: ResultModel) {
  const { job_id, run_id, status } = report;
  try {
    // A job of another workflow, to which the user may have no access, is refused as it would be by complete_job.
    takeReport(context, job_id, run_id, status, { ...report, workflow_id: workflow });
    return { job_id };
  } catch (error) {
    const mistake = clientMistake(error, report);
    if (mistake === null) throw error;
    return { job_id, error: { status: mistake.status, message: mistake.message } };
  }
}
