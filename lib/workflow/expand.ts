import { AfterokError } from '../errors.js';
import { connectAction } from './check-actions.js';
import { checkHeterogeneous, checkMultiNode, checkSlurmDefaults } from './check-schedulers.js';
import { JobConnector, type Nameable } from './connect-jobs.js';
import { type Expanded, expandItems } from './expand-items.js';
import { readShared } from './item-parameters.js';
import { KnownNames } from './known-names.js';
import type { WorkflowModel, WorkflowResourceRequirements } from './model.js';
import { Problems } from './problems.js';
import type { FileSpec, JobSpec, ResourceRequirementsSpec, UserDataSpec, WorkflowSpec } from './spec.js';
import type { SpecSource } from './spec-source.js';

export interface ExpandOptions {
  /** Leaves out the check that allocations of several nodes have jobs for them. */
  skipChecks?: boolean;
}

/**
 * Decides everything that a specification leaves open: expands parameters, resolves patterns and variables.
 *
 * @throws AfterokError about the first thing that is wrong with it; its hint says how many more there are
 */
export function expand(
  spec: WorkflowSpec,
  source: SpecSource,
  { skipChecks = false }: ExpandOptions = {},
): WorkflowModel {
  const problems = new Problems();
  const model = resolve(spec, problems);
  if (!skipChecks) checkMultiNode(model, problems);
  const [first, ...others] = problems.errors(source);
  if (first === undefined) return model;
  throw others.length === 0 ? first : withHint(first, others.length);
}

function withHint(first: AfterokError, others: number): AfterokError {
  return new AfterokError(first.code, first.message, `${others} more: see them all with --dry-run`);
}

/** The same without stopping at the first problem: the model has what could be resolved. */
export function resolve(spec: WorkflowSpec, problems: Problems): WorkflowModel {
  const shared = readShared(spec.parameters ?? {}, problems);
  const jobs = expandItems('jobs', spec.jobs, shared, problems);
  const files = expandItems('files', spec.files ?? [], shared, problems);
  const userData = expandItems('user_data', spec.user_data ?? [], shared, problems);
  const known = knownNames(spec, { jobs, files, userData }, problems);
  const written = {
    files: files.map(({ item: { name, path } }) => ({ name, path })),
    userData: userData.map(({ item }) => ({
      name: item.name,
      data: item.data,
      isEphemeral: item.is_ephemeral ?? false,
    })),
  };
  const connector = new JobConnector(known, written.files, written.userData, problems);
  const model: WorkflowModel = {
    settings: settingsOf(spec),
    jobs: jobs.map((job) => connector.connect(job)),
    ...written,
    resourceRequirements: (spec.resource_requirements ?? []).map(completeRequirements),
    failureHandlers: spec.failure_handlers ?? [],
    slurmSchedulers: spec.slurm_schedulers ?? [],
    actions: (spec.actions ?? []).map((action, place) => connectAction(action, place, known, problems)),
  };
  checkSlurmDefaults(spec, problems);
  checkHeterogeneous(model, problems);
  return model;
}

function knownNames(
  spec: WorkflowSpec,
  items: { jobs: Expanded<JobSpec>[]; files: Expanded<FileSpec>[]; userData: Expanded<UserDataSpec>[] },
  problems: Problems,
): Nameable {
  const unexpanded = (key: string, things: readonly { name: string }[] = []) =>
    things.map((item, place) => ({ item, path: [key, place] }));
  return {
    jobs: new KnownNames('job', items.jobs, problems),
    files: new KnownNames('file', items.files, problems),
    user_data: new KnownNames('user_data', items.userData, problems),
    resourceRequirements: new KnownNames(
      'resource_requirements',
      unexpanded('resource_requirements', spec.resource_requirements),
      problems,
    ),
    failureHandlers: new KnownNames(
      'failure_handler',
      unexpanded('failure_handlers', spec.failure_handlers),
      problems,
    ),
    schedulers: new KnownNames('scheduler', unexpanded('slurm_schedulers', spec.slurm_schedulers), problems),
  };
}

function completeRequirements(written: ResourceRequirementsSpec): WorkflowResourceRequirements {
  return { num_cpus: 1, num_gpus: 0, num_nodes: 1, memory: '1m', runtime: 'PT1H', ...written };
}

function settingsOf(spec: WorkflowSpec): WorkflowModel['settings'] {
  const {
    jobs: _jobs,
    files: _files,
    user_data: _userData,
    resource_requirements: _requirements,
    failure_handlers: _handlers,
    slurm_schedulers: _schedulers,
    actions: _actions,
    parameters: _parameters,
    user: _user,
    ...settings
  } = spec;
  return settings;
}
