import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { JobModel } from './jobs.js';
import { ID, PAGING, page, SORTING } from './page.js';
import { ResultModel } from './results.js';

/** The order in which jobs are claimed: the most demanding first, by these columns. */
export const JOBS_SORT_METHODS = ['gpus_runtime_memory', 'gpus_memory_runtime', 'none'] as const;
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

export const WorkflowStatusModel = Type.Object({
  /** The workflow's id. */
  id: Type.Optional(Type.Integer()),
  is_canceled: Type.Boolean(),
  is_archived: Type.Optional(Type.Boolean({ default: false })),
  /** 0 until the workflow is initialised for the first time. */
  run_id: Type.Integer(),
  has_detected_need_to_run_completion_script: Type.Optional(Type.Boolean({ default: false })),
});
export type WorkflowStatusModel = Static<typeof WorkflowStatusModel>;

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

export const JobDependencyModel = Type.Object({
  job_id: Type.Integer(),
  job_name: Type.String(),
  depends_on_job_id: Type.Integer(),
  depends_on_job_name: Type.String(),
  workflow_id: Type.Integer(),
});
export type JobDependencyModel = Static<typeof JobDependencyModel>;

const PRODUCER_AND_CONSUMER = {
  producer_job_id: Type.Optional(Type.Integer()),
  producer_job_name: Type.Optional(Type.String()),
  consumer_job_id: Type.Optional(Type.Integer()),
  consumer_job_name: Type.Optional(Type.String()),
  workflow_id: Type.Integer(),
};

export const JobFileRelationshipModel = Type.Object({
  file_id: Type.Integer(),
  file_name: Type.String(),
  file_path: Type.String(),
  ...PRODUCER_AND_CONSUMER,
});
export type JobFileRelationshipModel = Static<typeof JobFileRelationshipModel>;

export const JobUserDataRelationshipModel = Type.Object({
  user_data_id: Type.Integer(),
  user_data_name: Type.String(),
  ...PRODUCER_AND_CONSUMER,
});
export type JobUserDataRelationshipModel = Static<typeof JobUserDataRelationshipModel>;

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
  cancel: endpoint({
    method: 'PUT',
    path: '/workflows/{id}/cancel',
    summary: 'Cancel a workflow: running and pending jobs are canceled, no further job is claimed',
    params: ID,
    response: WorkflowStatusModel,
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
  dotGraph: endpoint({
    method: 'GET',
    path: '/workflows/{id}/dot_graph/{name}',
    summary: "The workflow's graph of jobs in Graphviz's language",
    params: { ...ID, name: Type.String() },
    response: Type.Object({ graph: Type.String() }),
    errors: ERRORS,
  }),
  initializeJobs: endpoint({
    method: 'POST',
    path: '/workflows/{id}/initialize_jobs',
    summary: 'Add the dependencies that files and user data imply, and make jobs ready or blocked',
    params: ID,
    query: {
      only_uninitialized: Type.Optional(Type.Boolean({ default: false })),
      clear_ephemeral_user_data: Type.Optional(Type.Boolean({ default: false })),
    },
    response: Type.Object({ message: Type.String() }),
    errors: ERRORS,
  }),
  isComplete: endpoint({
    method: 'GET',
    path: '/workflows/{id}/is_complete',
    summary: 'Whether no job of the workflow will run any more',
    params: ID,
    response: Type.Object({
      is_canceled: Type.Boolean(),
      is_complete: Type.Boolean(),
      needs_to_run_completion_script: Type.Boolean(),
    }),
    errors: ERRORS,
  }),
  isUninitialized: endpoint({
    method: 'GET',
    path: '/workflows/{id}/is_uninitialized',
    summary: 'Whether all jobs are uninitialized or disabled',
    params: ID,
    response: Type.Object({ is_uninitialized: Type.Boolean() }),
    errors: ERRORS,
  }),
  jobDependencies: endpoint({
    method: 'GET',
    path: '/workflows/{id}/job_dependencies',
    summary: 'List which job depends on which',
    params: ID,
    query: PAGING,
    response: page(JobDependencyModel),
    errors: ERRORS,
  }),
  jobFileRelationships: endpoint({
    method: 'GET',
    path: '/workflows/{id}/job_file_relationships',
    summary: 'List which jobs write and read which file',
    params: ID,
    query: PAGING,
    response: page(JobFileRelationshipModel),
    errors: ERRORS,
  }),
  jobUserDataRelationships: endpoint({
    method: 'GET',
    path: '/workflows/{id}/job_user_data_relationships',
    summary: 'List which jobs write and read which user data',
    params: ID,
    query: PAGING,
    response: page(JobUserDataRelationshipModel),
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
  missingUserData: endpoint({
    method: 'GET',
    path: '/workflows/{id}/missing_user_data',
    summary: 'User data that must be there before the workflow starts, and is not',
    params: ID,
    response: Type.Object({ user_data: Type.Array(Type.Integer()) }),
    errors: ERRORS,
  }),
  requiredExistingFiles: endpoint({
    method: 'GET',
    path: '/workflows/{id}/required_existing_files',
    summary: 'Files that must exist before the workflow starts',
    params: ID,
    response: Type.Object({ files: Type.Array(Type.Integer()) }),
    errors: ERRORS,
  }),
  processChangedJobInputs: endpoint({
    method: 'POST',
    path: '/workflows/{id}/process_changed_job_inputs',
    summary: 'Reset jobs whose definition or input data have changed since they were initialised',
    params: ID,
    query: { dry_run: Type.Optional(Type.Boolean({ default: false })) },
    response: Type.Object({ reinitialized_jobs: Type.Optional(Type.Array(Type.String())) }),
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
  resetJobStatus: endpoint({
    method: 'POST',
    path: '/workflows/{id}/reset_job_status',
    summary: 'Make jobs uninitialized: all, or those that failed and what is downstream of them',
    params: ID,
    query: { failed_only: Type.Optional(Type.Boolean({ default: false })) },
    response: Type.Object({
      workflow_id: Type.Integer(),
      updated_count: Type.Integer(),
      status: Type.String(),
      reset_type: Type.Optional(Type.String()),
    }),
    errors: ERRORS,
  }),
  resetStatus: endpoint({
    method: 'POST',
    path: '/workflows/{id}/reset_status',
    summary: "Reset the workflow's own status",
    params: ID,
    query: { force: Type.Optional(Type.Boolean({ default: false })) },
    response: WorkflowStatusModel,
    errors: ERRORS,
  }),
  getStatus: endpoint({
    method: 'GET',
    path: '/workflows/{id}/status',
    summary: "The workflow's own status",
    params: ID,
    response: WorkflowStatusModel,
    errors: ERRORS,
  }),
  putStatus: endpoint({
    method: 'PUT',
    path: '/workflows/{id}/status',
    summary: "Replace the workflow's own status",
    params: ID,
    body: WorkflowStatusModel,
    isModel: true,
    response: WorkflowStatusModel,
    errors: ERRORS,
  }),
};
