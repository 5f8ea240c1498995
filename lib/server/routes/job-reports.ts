import { type Completion, completeJob } from '../../store/workflows/attempts.js';
import type { WorkflowDatabase } from '../../store/workflows/database.js';
import type { ResultModel } from '../../wire/results.js';
import type { ApiError } from '../api-error.js';
import { clientMistake } from '../client-mistake.js';
import type { ServerContext } from '../handlers.js';
import { publishCanceled, publishEnd } from './job-events.js';

/** Tells listeners that an attempt has ended, and of the jobs that are canceled for that reason. */
export function publishCompletion(context: ServerContext, { job, result, canceled }: Completion): void {
  publishEnd(context, job, result.return_code);
  publishCanceled(context, canceled);
}

/** Takes reports in one transaction; what is wrong with one keeps none of the others from being taken. */
export function takeReports(context: ServerContext, workflow: number, reports: readonly ResultModel[]) {
  const taken = context.db.write(() => reports.map((report) => completionOf(context.db, workflow, report)));
  return taken.map((one, place) => {
    const { job_id } = reports[place] as ResultModel;
    if ('status' in one) return { job_id, error: { status: one.status, message: one.message } };
    publishCompletion(context, one);
    return { job_id };
  });
}

function completionOf(db: WorkflowDatabase, workflow: number, report: ResultModel): Completion | ApiError {
  const { job_id, run_id, status } = report;
  try {
    // A job of another workflow, to which the user may have no access, is refused as it would be by complete_job.
    return db.part(() => completeJob(db, job_id, run_id, status, { ...report, workflow_id: workflow }));
  } catch (error) {
    const mistake = clientMistake(error, report);
    if (mistake === null) throw error;
    return mistake;
  }
}
