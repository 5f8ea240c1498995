import type { Client } from '../../client/client.js';
import { createWhole } from '../../client/whole-workflow.js';
import type { WorkflowModel as WorkflowRecord } from '../../wire/workflows.js';
import type { WorkflowAction, WorkflowModel } from '../model.js';
import { createJobs } from './create-jobs.js';
import { type CreatedNames, type Ids, idOf } from './created-names.js';

/** How jobs are watched when the specification says nothing of it. */
const DEFAULT_RESOURCE_MONITOR = {
  ...{ enabled: true, granularity: 'summary', sample_interval_seconds: 5, generate_plots: false },
} as const;

export interface CreateOptions {
  /** To whom it belongs. */
  user: string;
  /** Whether a specification that says nothing of resource monitoring gets some. */
  monitorResources: boolean;
}

/**
 * Makes a workflow of a model: first what jobs name, then jobs, then actions. A workflow that cannot be made whole is
 * deleted again.
 *
 * @returns its id
 * @throws ApiResponseError, ServerUnreachableError
 */
export async function createWorkflow(
  client: Client,
  model: WorkflowModel,
  options: CreateOptions,
): Promise<number> {
  return await createWhole(client, workflowRecord(model, options), (id) => fill(client, id, model));
}

async function fill(client: Client, workflow_id: number, model: WorkflowModel): Promise<void> {
  const names: CreatedNames = {
    files: await createEach(model.files, ({ name, path }) =>
      client.files.create({ body: { workflow_id, name, path } }),
    ),
    userData: await createEach(model.userData, ({ name, data, isEphemeral }) =>
      client.userData.create({ body: { workflow_id, name, data, is_ephemeral: isEphemeral } }),
    ),
    resourceRequirements: await createEach(model.resourceRequirements, (requirements) =>
      client.resourceRequirements.create({
        body: { workflow_id, ...requirements },
      }),
    ),
    slurmSchedulers: await createEach(model.slurmSchedulers, (scheduler) =>
      client.slurmSchedulers.create({ body: { workflow_id, nodes: 1, walltime: '01:00:00', ...scheduler } }),
    ),
    failureHandlers: await createEach(model.failureHandlers, ({ name, rules }) =>
      client.failureHandlers.create({ body: { workflow_id, name, rules: JSON.stringify(rules) } }),
    ),
  };
  const jobs = await createJobs(client, workflow_id, model.jobs, names);
  for (const action of model.actions) await createAction(client, workflow_id, action, jobs, names);
}

/** One after the other, so that ids are in the order of the specification. */
async function createEach<T extends { name: string }>(
  items: readonly T[],
  create: (item: T) => Promise<{ id?: number }>,
): Promise<Ids> {
  const ids = new Map<string, number>();
  for (const item of items) {
    const { id } = await create(item);
    if (id !== undefined) ids.set(item.name, id);
  }
  return ids;
}

function workflowRecord(
  { settings }: WorkflowModel,
  { user, monitorResources }: CreateOptions,
): WorkflowRecord {
  const { resource_monitor: given, slurm_defaults: defaults, ...rest } = settings;
  const monitor = given ?? (monitorResources ? DEFAULT_RESOURCE_MONITOR : undefined);
  return {
    ...rest,
    user,
    ...(monitor === undefined ? {} : { resource_monitor_config: JSON.stringify(monitor) }),
    ...(defaults === undefined ? {} : { slurm_defaults: JSON.stringify(defaults) }),
  };
}

async function createAction(
  client: Client,
  id: number,
  action: WorkflowAction,
  jobs: Ids,
  { slurmSchedulers }: CreatedNames,
): Promise<void> {
  const { trigger_type, action_type, persistent = false } = action;
  await client.actions.create({
    id,
    body: {
      ...{ workflow_id: id, trigger_type, action_type, persistent },
      action_config: configOf(action, slurmSchedulers),
      job_ids: action.jobs?.map((name) => idOf(jobs, name, 'job')),
    },
  });
}

function configOf(action: WorkflowAction, slurmSchedulers: Ids): Record<string, unknown> {
  if (action.action_type === 'run_commands') return { commands: action.commands ?? [] };
  const { scheduler = '', scheduler_type = 'slurm', max_parallel_jobs } = action;
  return {
    scheduler_type,
    scheduler_id: scheduler_type === 'slurm' ? idOf(slurmSchedulers, scheduler, 'Slurm scheduler') : 0,
    num_allocations: action.num_allocations ?? 1,
    start_one_worker_per_node: action.start_one_worker_per_node ?? false,
    ...(max_parallel_jobs === undefined ? {} : { max_parallel_jobs }),
  };
}
