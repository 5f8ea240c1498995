import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { JobStatusSchema } from './job-status-schema.js';
import { MAX_BULK } from './limits.js';
import { ID, OF_WORKFLOW, PAGING, page, SORTING } from './page.js';
import { ResultModel } from './results.js';

const Ids = Type.Optional(Type.Array(Type.Integer()));

export const JobModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  name: Type.String(),
  command: Type.String(),
  /** Runs the command: `SCRIPT COMMAND`. */
  invocation_script: Type.Optional(Type.String()),
  /** The server's: what a client sends is not taken. */
  status: Type.Optional(JobStatusSchema),
  /** Read for the sake of old clients; has no effect. */
  schedule_compute_nodes: Type.Optional(Type.Unknown()),
  cancel_on_blocking_job_failure: Type.Optional(Type.Boolean({ default: true })),
  supports_termination: Type.Optional(Type.Boolean({ default: false })),
  depends_on_job_ids: Ids,
  input_file_ids: Ids,
  output_file_ids: Ids,
  input_user_data_ids: Ids,
  output_user_data_ids: Ids,
  resource_requirements_id: Type.Optional(Type.Integer()),
  /** The Slurm scheduler whose runners shall claim it; null when any may. Always there in answers. */
  scheduler_id: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  failure_handler_id: Type.Optional(Type.Integer()),
  attempt_id: Type.Optional(Type.Integer({ default: 1 })),
});
export type JobModel = Static<typeof JobModel>;

/** Jobs that one request may create at most. */
export { MAX_BULK };

const ATTEMPT = { ...ID, run_id: Type.Integer() };
const ERRORS = [403, 404, 409, 422];

export const JOBS = {
  createBulk: endpoint({
    method: 'POST',
    path: '/bulk_jobs',
    summary: 'Create many jobs of one workflow in one transaction',
    body: Type.Object({ jobs: Type.Array(JobModel, { maxItems: MAX_BULK }) }),
    isModel: true,
    response: Type.Object({ jobs: Type.Optional(Type.Array(JobModel)) }),
    errors: ERRORS,
  }),
  create: endpoint({
    method: 'POST',
    path: '/jobs',
    summary: 'Create a job',
    body: JobModel,
    isModel: true,
    response: JobModel,
    errors: ERRORS,
  }),
  list: endpoint({
    method: 'GET',
    path: '/jobs',
    summary: 'List the jobs of a workflow',
    query: {
      ...OF_WORKFLOW,
      status: Type.Optional(JobStatusSchema),
      /** Jobs that have this file as input. */
      needs_file_id: Type.Optional(Type.Integer()),
      /** Jobs that depend on this one directly. */
      upstream_job_id: Type.Optional(Type.Integer()),
      active_compute_node_id: Type.Optional(Type.Integer()),
      include_relationships: Type.Optional(Type.Boolean({ default: false })),
      ...PAGING,
      ...SORTING,
    },
    response: page(JobModel),
    errors: ERRORS,
  }),
  removeAll: endpoint({
    method: 'DELETE',
    path: '/jobs',
    summary: 'Delete all jobs of a workflow',
    query: OF_WORKFLOW,
    response: Type.Object({ count: Type.Integer() }),
    errors: ERRORS,
  }),
  get: endpoint({
    method: 'GET',
    path: '/jobs/{id}',
    summary: 'Get a job with its relationships',
    params: ID,
    response: JobModel,
    errors: ERRORS,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/jobs/{id}',
    summary: 'Change a job; name, command and dependencies only while it is uninitialized',
    params: ID,
    body: JobModel,
    isModel: true,
    response: JobModel,
    errors: ERRORS,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/jobs/{id}',
    summary: 'Delete a job',
    params: ID,
    response: JobModel,
    errors: ERRORS,
  }),
  complete: endpoint({
    method: 'POST',
    path: '/jobs/{id}/complete_job/{status}/{run_id}',
    summary: "Report how a job's attempt ended; what waited for it is released in the same transaction",
    params: { ...ID, status: JobStatusSchema, run_id: Type.Integer() },
    body: ResultModel,
    isModel: true,
    response: JobModel,
    errors: ERRORS,
  }),
  changeStatus: endpoint({
    method: 'PUT',
    path: '/jobs/{id}/manage_status_change/{status}/{run_id}',
    summary: "Change a job's status by hand",
    params: { ...ID, status: JobStatusSchema, run_id: Type.Integer() },
    response: JobModel,
    errors: ERRORS,
  }),
  changeStatusByBody: endpoint({
    method: 'POST',
    path: '/jobs/{id}/manage_status_change',
    summary: 'The older form of the same: status and run_id in the body, the current run if there is none',
    params: ID,
    body: Type.Object({
      status: Type.Optional(JobStatusSchema),
      /** Another name of `status`. */
      target_status: Type.Optional(JobStatusSchema),
      run_id: Type.Optional(Type.Integer()),
    }),
    response: JobModel,
    errors: ERRORS,
  }),
  retry: endpoint({
    method: 'POST',
    path: '/jobs/{id}/retry/{run_id}',
    summary: 'Make a job that failed ready for its next attempt',
    params: ATTEMPT,
    query: {
      max_retries: Type.Integer({ minimum: 0 }),
      /** Only while it runs on this compute node; 0: on none that is known. Beyond Torc's. */
      compute_node_id: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    response: JobModel,
    errors: ERRORS,
  }),
  start: endpoint({
    method: 'PUT',
    path: '/jobs/{id}/start_job/{run_id}/{compute_node_id}',
    summary: 'Report that a claimed job runs',
    params: { ...ATTEMPT, compute_node_id: Type.Integer() },
    response: JobModel,
    errors: ERRORS,
  }),
};
