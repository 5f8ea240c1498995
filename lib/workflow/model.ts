import type {
  ActionSpec,
  FailureHandlerSpec,
  ResourceRequirementsSpec,
  SlurmSchedulerSpec,
  WorkflowSpec,
} from './spec.js';

/**
 * A specification with everything decided: parameters expanded, regexes resolved to names, variables in commands
 * replaced. Names of jobs, files, user data and the rest are unique, and every name that is mentioned exists.
 */
export interface WorkflowModel {
  /** The fields that are the workflow's own. */
  settings: Omit<
    WorkflowSpec,
    | 'jobs'
    | 'files'
    | 'user_data'
    | 'resource_requirements'
    | 'failure_handlers'
    | 'slurm_schedulers'
    | 'actions'
    | 'parameters'
    | 'user'
  >;
  jobs: WorkflowJob[];
  files: WorkflowFile[];
  userData: WorkflowUserData[];
  resourceRequirements: WorkflowResourceRequirements[];
  failureHandlers: FailureHandlerSpec[];
  slurmSchedulers: SlurmSchedulerSpec[];
  actions: WorkflowAction[];
}

export interface WorkflowJob {
  name: string;
  command: string;
  invocationScript: string | null;
  cancelOnBlockingJobFailure: boolean;
  supportsTermination: boolean;
  resourceRequirements: string | null;
  failureHandler: string | null;
  scheduler: string | null;
  /** Names, explicit ones and those that regexes matched, in the order of the specification, each once. */
  dependsOn: string[];
  inputFiles: string[];
  outputFiles: string[];
  inputUserData: string[];
  outputUserData: string[];
}

export interface WorkflowFile {
  name: string;
  path: string;
}

export interface WorkflowUserData {
  name: string;
  /** Undefined: there is none yet. */
  data: unknown;
  isEphemeral: boolean;
}

/** With every default filled in. */
export type WorkflowResourceRequirements = Required<ResourceRequirementsSpec>;

/** `jobs` is null for an action that is not about particular jobs. */
export interface WorkflowAction extends Omit<ActionSpec, 'jobs' | 'job_name_regexes'> {
  jobs: string[] | null;
}
