import { AfterokError } from '../errors.js';
import { SchemaErrors } from '../schema-file.js';
import { checkMultiNode } from './check-schedulers.js';
import { resolve } from './expand.js';
import type { WorkflowModel } from './model.js';
import { Problems } from './problems.js';
import type { WorkflowSpec } from './spec.js';
import { readSpecFile } from './spec-file.js';
import type { WrittenSpec } from './spec-source.js';

/** What `workflows create --dry-run` tells, as JSON has it. */
export interface ValidationResult {
  valid: boolean;
  errors: string[];
  warnings: string[];
  summary: ValidationSummary;
}

export interface ValidationSummary {
  workflow_name: string;
  workflow_description: string | null;
  job_count: number;
  job_count_before_expansion: number;
  file_count: number;
  file_count_before_expansion: number;
  user_data_count: number;
  resource_requirements_count: number;
  slurm_scheduler_count: number;
  action_count: number;
  /** An action that submits allocations when the workflow starts: it can be handed to Slurm. */
  has_schedule_nodes_action: boolean;
  job_names: string[];
  scheduler_names: string[];
}

/** Reads a specification and tells all that is wrong with it, and with what it refers to. */
export function validateSpec(file: string): ValidationResult {
  let written: WrittenSpec;
  try {
    written = readSpecFile(file);
  } catch (error) {
    if (!(error instanceof AfterokError)) throw error;
    return unreadable(error);
  }
  return validate(written);
}

/** The same of a specification that was read. */
export function validate({ spec, source }: WrittenSpec): ValidationResult {
  const problems = new Problems();
  const model = resolve(spec, problems);
  checkMultiNode(model, problems);
  const errors = problems.errors(source).map(({ message }) => message);
  return {
    valid: errors.length === 0,
    errors,
    warnings: [...new Set(problems.warnings)],
    summary: summaryOf(spec, model),
  };
}

function unreadable(error: AfterokError): ValidationResult {
  const all = error instanceof SchemaErrors ? [error, ...error.others] : [error];
  return {
    valid: false,
    errors: all.map(({ message }) => `Failed to parse specification file: ${message}`),
    warnings: [],
    summary: EMPTY_SUMMARY,
  };
}

const EMPTY_SUMMARY: ValidationSummary = {
  workflow_name: '',
  workflow_description: null,
  job_count: 0,
  job_count_before_expansion: 0,
  file_count: 0,
  file_count_before_expansion: 0,
  user_data_count: 0,
  resource_requirements_count: 0,
  slurm_scheduler_count: 0,
  action_count: 0,
  has_schedule_nodes_action: false,
  job_names: [],
  scheduler_names: [],
};

function summaryOf(spec: WorkflowSpec, model: WorkflowModel): ValidationSummary {
  return {
    workflow_name: spec.name,
    workflow_description: spec.description ?? null,
    job_count: model.jobs.length,
    job_count_before_expansion: spec.jobs.length,
    file_count: model.files.length,
    file_count_before_expansion: spec.files?.length ?? 0,
    user_data_count: model.userData.length,
    resource_requirements_count: model.resourceRequirements.length,
    slurm_scheduler_count: model.slurmSchedulers.length,
    action_count: model.actions.length,
    has_schedule_nodes_action: model.actions.some(
      ({ trigger_type: trigger, action_type: type }) =>
        trigger === 'on_workflow_start' && type === 'schedule_nodes',
    ),
    job_names: model.jobs.map(({ name }) => name),
    scheduler_names: model.slurmSchedulers.map(({ name }) => name),
  };
}
