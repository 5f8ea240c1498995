import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { INITIALIZATION } from './initialization.js';
import { JobModel } from './jobs.js';
import { ID, PAGING, page, SORTING } from './page.js';
import { RELATIONSHIPS } from './relationships.js';
import { ResultModel } from './results.js';
import { WORKFLOW_STATUS } from './workflow-status.js';

/** The order in which jobs are claimed: the most demanding first, by these columns. */
export const JOBS_SORT_METHODS = ['gpus_runtime_memory', 'gpus_memory_runtime', 'none'] as const;
export type JobsSortMethod = (typeof JOBS_SORT_METHODS)[number];

const SortMethod = Type.Enum([...JOBS_SORT_METHODS] as [...typeof JOBS_SORT_METHODS]);

export const WorkflowModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  name: Type.String(),
  user: Type.String(),
  description: Type.Optional(Type.String()),
  /** When it was created: `2026-11-21T10:00:00.000Z`. */
  timestamp: Type.Optional(Type.String()),
  /** Runners end this long before their allocation does. */
  compute_node_expiration_buffer_seconds: Type.Optional(Type.Integer({ default: 60 })),
  /** Runners without work end after this time; 0: never. */
  compute_node_wait_for_new_jobs_seconds: Type.Optional(Type.Integer({ default: 90 })),
  compute_node_ignore_workflow_completion: Type.Optional(Type.Boolean({ default: false })),
  /** How long clients try to reach the server again. */
  compute_node_wait_for_healthy_database_minutes: Type.Optional(Type.Integer({ default: 20 })),
  /** With less time left, runners that count jobs claim none. */
  compute_node_min_time_for_new_jobs_seconds: Type.Optional(Type.Integer({ default: 300 })),
  jobs_sort_method: Type.Optional(SortMethod),
  /** JSON text. */
  resource_monitor_config: Type.Optional(Type.String()),
  /** JSON text. */
  slurm_defaults: Type.Optional(Type.String()),
  use_pending_failed: Type.Optional(Type.Boolean()),
  status_id: Type.Optional(Type.Integer()),
});
export type WorkflowModel = Static<typeof WorkflowModel>;

/** What a runner can give to jobs now. */
export const ComputeNodesResources = Type.Object({
  id: Type.Optional(Type.Integer()),
  num_cpus: Type.Integer(),
  /** GiB. */
  memory_gb: Type.Number(),
  num_gpus: Type.Integer(),
  num_nodes: Type.Integer(),
  /** ISO 8601 duration; absent: unlimited. */
  time_limit: Type.Optional(Type.String()),
  /** Compared with `scheduler_id` of jobs. */
  scheduler_config_id: Type.Optional(Type.Integer()),
});
export type ComputeNodesResources = Static<typeof ComputeNodesResources>;

const ClaimedJobs = Type.Object({
  jobs: Type.Optional(Type.Array(JobModel)),
  /** Why there is none. */
  reason: Type.Optional(Type.String()),
});

/** Reports in one request. */
export const MAX_REPORTS = 1000;

/** What became of one report; without an error it was taken. */
const TakenReport = Type.Object({
  job_id: Type.Integer(),
  /** What `complete_job` would have answered: the status, and its message. */
  error: Type.Optional(Type.Object({ status: Type.Integer(), message: Type.String() })),
});

/** Not of Torc: the jobs are started in the same step, as many requests of `start_job` would, and `running` in the answer. */
const AND_START = {
  /** Where they run; together with `run_id`. */
  compute_node_id: Type.Optional(Type.Integer()),
  run_id: Type.Optional(Type.Integer()),
};

const CLAIM_BY_RESOURCES = {
  ...AND_START,
  sort_method: Type.Optional(SortMethod),
  strict_scheduler_match: Type.Optional(Type.Boolean({ default: false })),
  /** Not of Torc: how many times over the jobs may fill the resources, for a runner that runs them one after the other. */
  rounds: Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
};

const ERRORS = [403, 404, 422];

export const WORKFLOWS = {
  create: endpoint({
    method: 'POST',
    path: '/workflows',
    summary: 'Create a workflow, with its default resource requirements',
    body: WorkflowModel,
    isModel: true,
    response: WorkflowModel,
    errors: [422],
  }),
  list: endpoint({
    method: 'GET',
    path: '/workflows',
    summary: 'List workflows',
    query: {
      ...PAGING,
      ...SORTING,
      name: Type.Optional(Type.String()),
      user: Type.Optional(Type.String()),
      /** A part of it. */
      description: Type.Optional(Type.String()),
      is_archived: Type.Optional(Type.Boolean()),
    },
    response: page(WorkflowModel),
  }),
  get: endpoint({
    method: 'GET',
    path: '/workflows/{id}',
    summary: 'Get a workflow',
    params: ID,
    response: WorkflowModel,
    errors: ERRORS,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/workflows/{id}',
    summary: 'Change a workflow',
    params: ID,
    body: WorkflowModel,
    isModel: true,
    response: WorkflowModel,
    errors: ERRORS,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/workflows/{id}',
    summary: 'Delete a workflow and all that belongs to it',
    params: ID,
    response: WorkflowModel,
    errors: ERRORS,
  }),
  claimByResources: endpoint({
    method: 'POST',
    path: '/workflows/{id}/claim_jobs_based_on_resources/{limit}',
    summary: 'Claim ready jobs that fit into what a runner has',
    params: { ...ID, limit: Type.Integer({ minimum: 0 }) },
    query: CLAIM_BY_RESOURCES,
    body: ComputeNodesResources,
    isModel: true,
    response: ClaimedJobs,
    errors: ERRORS,
  }),
  claimNext: endpoint({
    method: 'POST',
    path: '/workflows/{id}/claim_next_jobs',
    summary: 'Claim ready jobs, whatever they need',
    params: ID,
    query: {
      limit: Type.Optional(Type.Integer({ minimum: 0 })),
      /** The older name of `limit`; 10 when neither is given. */
      num_jobs: Type.Optional(Type.Integer({ minimum: 0 })),
      ...AND_START,
    },
    response: ClaimedJobs,
    errors: ERRORS,
  }),
  completeJobs: endpoint({
    method: 'POST',
    path: '/workflows/{id}/complete_jobs',
    summary: 'Report how attempts of several jobs ended, each as complete_job takes it; not of Torc',
    params: ID,
    body: Type.Object({ results: Type.Array(ResultModel, { maxItems: MAX_REPORTS }) }),
    response: Type.Object({ results: Type.Array(TakenReport) }),
    errors: ERRORS,
  }),
  jobIds: endpoint({
    method: 'GET',
    path: '/workflows/{id}/job_ids',
    summary: 'All job ids',
    params: ID,
    response: Type.Object({ job_ids: Type.Array(Type.Integer()), count: Type.Integer() }),
    errors: ERRORS,
  }),
  readyJobRequirements: endpoint({
    method: 'GET',
    path: '/workflows/{id}/ready_job_requirements',
    summary: 'What all ready jobs need together',
    params: ID,
    query: { scheduler_config_id: Type.Optional(Type.Integer()) },
    response: Type.Object({
      num_jobs: Type.Integer(),
      num_cpus: Type.Integer(),
      num_gpus: Type.Integer(),
      memory_gb: Type.Number(),
      max_num_nodes: Type.Integer(),
      max_runtime: Type.String(),
    }),
    errors: ERRORS,
  }),
  ...WORKFLOW_STATUS,
  ...INITIALIZATION,
  ...RELATIONSHIPS,
};
