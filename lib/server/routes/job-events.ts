import type { Starter } from '../../store/workflows/attempts.js';
import { JOB } from '../../store/workflows/jobs.js';
import type { JobStatus } from '../../wire/job-status.js';
import type { JobModel } from '../../wire/jobs.js';
import type { Severity } from '../../wire/severity.js';
import type { ServerContext } from '../handlers.js';

/** How an end of a job is told to listeners. */
const SEVERITIES: Readonly<Partial<Record<JobStatus, Severity>>> = {
  completed: 'info',
  failed: 'error',
  terminated: 'warning',
  canceled: 'warning',
  pending_failed: 'info',
};

/** Jobs whose names are looked up at once. */
const BATCH = 1000;

export function publish(
  { events, now }: ServerContext,
  workflow: number,
  type: string,
  severity: Severity,
  data: unknown,
): void {
  events.publish({ workflow_id: workflow, timestamp: now(), event_type: type, severity, data });
}

/** Tells listeners that a job runs. */
export function publishStart(context: ServerContext, job: JobModel, { run, node }: Starter): void {
  const data = { job_id: job.id, job_name: job.name, compute_node_id: node, run_id: run };
  publish(context, job.workflow_id, 'job_started', 'info', data);
}

/** Tells listeners that a job has ended. @param returnCode undefined for one that never ran */
export function publishEnd(context: ServerContext, job: JobModel, returnCode?: number): void {
  const { id, name, status, workflow_id: workflow } = job;
  if (status === undefined) throw new Error(`job ${id} has no status`);
  const data = { job_id: id, job_name: name, status };
  const code = returnCode === undefined ? {} : { return_code: returnCode };
  publish(context, workflow, `job_${status}`, SEVERITIES[status] ?? 'info', { ...data, ...code });
}

/** Tells listeners of jobs that were canceled. */
export function publishCanceled(context: ServerContext, ids: readonly number[]): void {
  for (let first = 0; first < ids.length; first += BATCH) {
    const jobs = JOB.getMany(context.db, ids.slice(first, first + BATCH));
    for (const job of jobs) publishEnd(context, job);
  }
}
