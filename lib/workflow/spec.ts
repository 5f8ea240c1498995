import type { JOBS_SORT_METHODS } from '../wire/workflows.js';

/**
 * A workflow specification after its file was read and checked against config/schemas/workflow.schema.json: the fields
 * as people write them, without defaults filled in.
 */
export interface WorkflowSpec {
  name: string;
  /** Read for the sake of old files; the workflow belongs to whoever creates it. */
  user?: string;
  description?: string;
  /** Shared parameters, for what names them in `use_parameters`. */
  parameters?: Record<string, string>;
  compute_node_expiration_buffer_seconds?: number;
  compute_node_wait_for_new_jobs_seconds?: number;
  compute_node_ignore_workflow_completion?: boolean;
  compute_node_wait_for_healthy_database_minutes?: number;
  jobs_sort_method?: JobsSortMethod;
  jobs: JobSpec[];
  files?: FileSpec[];
  user_data?: UserDataSpec[];
  resource_requirements?: ResourceRequirementsSpec[];
  failure_handlers?: FailureHandlerSpec[];
  slurm_schedulers?: SlurmSchedulerSpec[];
  slurm_defaults?: Record<string, unknown>;
  actions?: ActionSpec[];
  resource_monitor?: ResourceMonitorSpec;
  use_pending_failed?: boolean;
}

export type JobsSortMethod = (typeof JOBS_SORT_METHODS)[number];

/** What may be written once and stand for many. */
export interface Parameterised {
  /** Name to values, as text: `1:10`, `0.1:1.0:0.1`, `[a,b]`. */
  parameters?: Record<string, string>;
  /** `product` (default) or `zip`. */
  parameter_mode?: 'product' | 'zip';
  /** Names of shared parameters. */
  use_parameters?: string[];
}

export interface JobSpec extends Parameterised {
  name: string;
  command: string;
  invocation_script?: string;
  cancel_on_blocking_job_failure?: boolean;
  supports_termination?: boolean;
  resource_requirements?: string;
  failure_handler?: string;
  depends_on?: string[];
  depends_on_regexes?: string[];
  input_files?: string[];
  input_file_regexes?: string[];
  output_files?: string[];
  output_file_regexes?: string[];
  input_user_data?: string[];
  input_user_data_regexes?: string[];
  output_user_data?: string[];
  output_user_data_regexes?: string[];
  /** Name of a Slurm scheduler. */
  scheduler?: string;
}

export interface FileSpec extends Parameterised {
  name: string;
  path: string;
}

export interface UserDataSpec extends Parameterised {
  name: string;
  data?: unknown;
  is_ephemeral?: boolean;
}

export interface ResourceRequirementsSpec {
  name: string;
  /** Default 1. */
  num_cpus?: number;
  /** Default 0. */
  num_gpus?: number;
  /** Default 1. */
  num_nodes?: number;
  /** Default 1m. */
  memory?: string;
  /** ISO 8601 duration. Default PT1H. */
  runtime?: string;
}

export interface FailureHandlerSpec {
  name: string;
  rules: FailureRuleSpec[];
}

export interface FailureRuleSpec {
  exit_codes?: number[];
  match_all_exit_codes?: boolean;
  recovery_script?: string;
  /** Default 3. */
  max_retries?: number;
}

export interface SlurmSchedulerSpec {
  name: string;
  account: string;
  gres?: string;
  mem?: string;
  nodes?: number;
  ntasks_per_node?: number;
  partition?: string;
  qos?: string;
  tmp?: string;
  walltime?: string;
  extra?: string;
}

export const TRIGGER_TYPES = [
  'on_workflow_start',
  'on_workflow_complete',
  'on_jobs_ready',
  'on_jobs_complete',
  'on_worker_start',
  'on_worker_complete',
] as const;
export type TriggerType = (typeof TRIGGER_TYPES)[number];

export interface ActionSpec {
  trigger_type: TriggerType;
  action_type: 'run_commands' | 'schedule_nodes';
  jobs?: string[];
  job_name_regexes?: string[];
  commands?: string[];
  scheduler?: string;
  scheduler_type?: string;
  num_allocations?: number;
  start_one_worker_per_node?: boolean;
  max_parallel_jobs?: number;
  persistent?: boolean;
}

export interface ResourceMonitorSpec {
  enabled?: boolean;
  granularity?: 'summary' | 'time_series';
  sample_interval_seconds?: number;
  generate_plots?: boolean;
}
