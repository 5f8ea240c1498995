import type { WorkflowActionModel } from '../wire/actions.js';
import { type JobModel, MAX_BULK } from '../wire/jobs.js';
import { DEFAULT_REQUIREMENTS } from '../wire/resource-requirements.js';
import type { Client } from './client.js';
import { importResults } from './import-results.js';
import { levelsOf } from './levels.js';
import { createEach, type NewIds, translated } from './new-ids.js';
import { createWhole } from './whole-workflow.js';
import type { WorkflowExport } from './workflow-export.js';

interface Imported {
  files: NewIds;
  userData: NewIds;
  requirements: NewIds;
  slurmSchedulers: NewIds;
  localSchedulers: NewIds;
  failureHandlers: NewIds;
  jobs: NewIds;
}

export interface ImportOptions {
  /** The new workflow's name; the old one by default. */
  name?: string | undefined;
  /** To whom it belongs. */
  user: string;
  includeResults: boolean;
}

/**
 * Makes a workflow of an export: the same, with new ids and every job uninitialised. Events stay behind. One that
 * cannot be made whole is deleted again.
 *
 * @returns its id
 * @throws ApiResponseError
 */
export async function importWorkflow(
  client: Client,
  exported: WorkflowExport,
  { name = exported.workflow.name, user, includeResults }: ImportOptions,
): Promise<number> {
  const { id: _id, status_id: _status, timestamp: _timestamp, ...settings } = exported.workflow;
  return await createWhole(client, { ...settings, name, user }, async (id) => {
    const ids = await importRecords(client, id, exported);
    for (const action of exported.workflow_actions) await importAction(client, id, action, ids);
    if (includeResults) await importResults(client, id, exported.results ?? [], ids.jobs);
  });
}

async function importRecords(client: Client, workflow_id: number, from: WorkflowExport): Promise<Imported> {
  const ids = {
    files: await createEach(from.files, ({ st_mtime: _, ...file }) =>
      client.files.create({ body: { ...file, workflow_id } }),
    ),
    userData: await createEach(from.user_data, (entry) =>
      client.userData.create({ body: { ...entry, workflow_id } }),
    ),
    requirements: await importRequirements(client, workflow_id, from),
    slurmSchedulers: await createEach(from.slurm_schedulers, (scheduler) =>
      client.slurmSchedulers.create({ body: { ...scheduler, workflow_id } }),
    ),
    localSchedulers: await createEach(from.local_schedulers, (scheduler) =>
      client.localSchedulers.create({ body: { ...scheduler, workflow_id } }),
    ),
    failureHandlers: await createEach(from.failure_handlers, (handler) =>
      client.failureHandlers.create({ body: { ...handler, workflow_id } }),
    ),
  };
  return { ...ids, jobs: await importJobs(client, workflow_id, from.jobs, ids) };
}

/** The default record is there already; it is made what it was. */
async function importRequirements(
  client: Client,
  workflow_id: number,
  { resource_requirements: all }: WorkflowExport,
): Promise<NewIds> {
  const name = DEFAULT_REQUIREMENTS;
  const [made] = (await client.resourceRequirements.list({ workflow_id, name })).items;
  return await createEach(all, async (requirements) => {
    const body = { ...requirements, workflow_id };
    if (requirements.name !== name || made?.id === undefined)
      return await client.resourceRequirements.create({ body });
    return await client.resourceRequirements.update({ id: made.id, body: { ...body, id: made.id } });
  });
}

async function importJobs(
  client: Client,
  workflow_id: number,
  jobs: readonly JobModel[],
  ids: Omit<Imported, 'jobs'>,
): Promise<NewIds> {
  const made = new Map<number, number>();
  const levels = levelsOf(
    jobs,
    ({ id }) => id,
    (job) => job.depends_on_job_ids ?? [],
  );
  for (const level of levels) {
    for (let at = 0; at < level.length; at += MAX_BULK) {
      const batch = level.slice(at, at + MAX_BULK);
      const body = { jobs: batch.map((job) => newJob(workflow_id, job, ids, made)) };
      const created = (await client.jobs.createBulk({ body })).jobs ?? [];
      for (const [place, { id }] of created.entries()) {
        const old = batch[place]?.id;
        if (id !== undefined && old !== undefined) made.set(old, id);
      }
    }
  }
  return made;
}

function newJob(workflow_id: number, job: JobModel, ids: Omit<Imported, 'jobs'>, jobs: NewIds): JobModel {
  const { id: _id, status: _status, attempt_id: _attempt, schedule_compute_nodes: _nodes, ...rest } = job;
  return defined({
    ...{ ...rest, workflow_id },
    depends_on_job_ids: translated(job.depends_on_job_ids, jobs),
    input_file_ids: translated(job.input_file_ids, ids.files),
    output_file_ids: translated(job.output_file_ids, ids.files),
    input_user_data_ids: translated(job.input_user_data_ids, ids.userData),
    output_user_data_ids: translated(job.output_user_data_ids, ids.userData),
    resource_requirements_id: ids.requirements.get(job.resource_requirements_id ?? -1),
    scheduler_id: ids.slurmSchedulers.get(job.scheduler_id ?? -1),
    failure_handler_id: ids.failureHandlers.get(job.failure_handler_id ?? -1),
  }) as JobModel;
}

async function importAction(
  client: Client,
  id: number,
  action: WorkflowActionModel,
  { jobs, slurmSchedulers }: Imported,
): Promise<void> {
  // Those of a recovery belong to a run that is not imported.
  if (action.is_recovery === true) return;
  const { trigger_type, action_type, persistent } = action;
  const config = action.action_config as { scheduler_id?: number };
  const scheduler_id = slurmSchedulers.get(config.scheduler_id ?? -1) ?? config.scheduler_id;
  await client.actions.create({
    id,
    body: {
      ...{ workflow_id: id, trigger_type, action_type, persistent },
      action_config: scheduler_id === undefined ? config : { ...config, scheduler_id },
      job_ids: translated(action.job_ids, jobs),
    },
  });
}

function defined<T extends object>(record: T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}
