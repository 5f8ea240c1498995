import { completeJob, retryJob, startJob } from '../../store/workflows/attempts.js';
import { changeStatus } from '../../store/workflows/change-status.js';
import { createJobs } from '../../store/workflows/create-jobs.js';
import { getJob, JOB, listJobs, requireJob } from '../../store/workflows/jobs.js';
import { removeJob, removeJobs } from '../../store/workflows/remove-jobs.js';
import { updateJob } from '../../store/workflows/update-job.js';
import type { JOBS, JobModel } from '../../wire/jobs.js';
import { ApiError } from '../api-error.js';
import type { Handlers } from '../handlers.js';
import { existingWorkflow, ordering } from './existing.js';
import { publishCanceled, publishStart } from './job-events.js';
import { publishCompletion } from './job-reports.js';

export const jobHandlers: Handlers<typeof JOBS> = {
  createBulk({ body: { jobs } }, context) {
    const [first] = jobs;
    if (first === undefined) return { jobs: [] };
    existingWorkflow(context, first.workflow_id);
    sameWorkflow(jobs, first.workflow_id);
    return { jobs: createJobs(context.db, first.workflow_id, jobs) };
  },
  create({ body }, context) {
    existingWorkflow(context, body.workflow_id);
    return createJobs(context.db, body.workflow_id, [body])[0] as JobModel;
  },
  list({ query }, context) {
    existingWorkflow(context, query.workflow_id);
    return listJobs(context.db, query, ordering(JOB, query), query.include_relationships ?? false);
  },
  removeAll({ query }, context) {
    existingWorkflow(context, query.workflow_id);
    return { count: removeJobs(context.db, query.workflow_id) };
  },
  get: ({ params }, { db }) => getJob(db, params.id),
  update: ({ params, body }, { db }) => updateJob(db, params.id, body),
  remove({ params }, context) {
    const job = getJob(context.db, params.id);
    publishCanceled(context, removeJob(context.db, requireJob(context.db, params.id)));
    return job;
  },
  complete({ params, body }, context) {
    const { id, run_id: run, status } = params;
    const completion = completeJob(context.db, id, run, status, body);
    publishCompletion(context, completion);
    return completion.job;
  },
  changeStatus({ params }, context) {
    const { job, canceled } = changeStatus(context.db, params.id, params.status, params.run_id);
    publishCanceled(context, canceled);
    return job;
  },
  changeStatusByBody({ params, body }, context) {
    const status = body.status ?? body.target_status;
    if (status === undefined) throw new ApiError(400, 'body status: missing', { field: 'status' });
    const { job, canceled } = changeStatus(context.db, params.id, status, body.run_id);
    publishCanceled(context, canceled);
    return job;
  },
  retry({ params, query }, { db, now }) {
    const { max_retries: maxRetries, compute_node_id: node } = query;
    return retryJob(db, params.id, { run: params.run_id, maxRetries, node, now: now() });
  },
  start({ params }, context) {
    const { id, run_id: run, compute_node_id: node } = params;
    const job = startJob(context.db, id, { run, node });
    publishStart(context, job, { run, node });
    return job;
  },
};

function sameWorkflow(jobs: readonly JobModel[], workflow: number): void {
  const other = jobs.findIndex((job) => job.workflow_id !== workflow);
  if (other === -1) return;
  const value = jobs[other]?.workflow_id;
  const message = `jobs of one request belong to one workflow: the first is of ${workflow}, number ${other} of ${value}`;
  throw new ApiError(422, message, { field: `jobs.${other}.workflow_id`, value });
}
