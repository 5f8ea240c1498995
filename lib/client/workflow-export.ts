import { type Static, Type } from 'typebox';
import { WorkflowActionModel } from '../wire/actions.js';
import { EventModel } from '../wire/events.js';
import { FailureHandlerModel } from '../wire/failure-handlers.js';
import { FileModel } from '../wire/files.js';
import { JobModel } from '../wire/jobs.js';
import { ResourceRequirementsModel } from '../wire/resource-requirements.js';
import { ResultModel } from '../wire/results.js';
import { LocalSchedulerModel, SlurmSchedulerModel } from '../wire/schedulers.js';
import { UserDataModel } from '../wire/user-data.js';
import { WorkflowModel } from '../wire/workflows.js';
import { listAll } from './all.js';
import type { Client } from './client.js';

/** A workflow in one file, with the ids that it had. */
export const WorkflowExport = Type.Object({
  export_version: Type.String(),
  /** RFC 3339. */
  exported_at: Type.String(),
  workflow: WorkflowModel,
  files: Type.Array(FileModel),
  user_data: Type.Array(UserDataModel),
  resource_requirements: Type.Array(ResourceRequirementsModel),
  slurm_schedulers: Type.Array(SlurmSchedulerModel),
  local_schedulers: Type.Array(LocalSchedulerModel),
  failure_handlers: Type.Array(FailureHandlerModel),
  jobs: Type.Array(JobModel),
  workflow_actions: Type.Array(WorkflowActionModel),
  results: Type.Optional(Type.Array(ResultModel)),
  events: Type.Optional(Type.Array(EventModel)),
});
export type WorkflowExport = Static<typeof WorkflowExport>;

const EXPORT_VERSION = '1.0';

export interface ExportOptions {
  /** Of all runs. */
  includeResults: boolean;
  includeEvents: boolean;
}

/** Fetches all that belongs to a workflow. @throws ApiResponseError */
export async function exportWorkflow(
  client: Client,
  id: number,
  { includeResults, includeEvents }: ExportOptions,
): Promise<WorkflowExport> {
  const of = { workflow_id: id };
  const workflow = await client.workflows.get({ id });
  return {
    export_version: EXPORT_VERSION,
    exported_at: new Date().toISOString(),
    workflow,
    files: await listAll(client.files.list, of),
    user_data: await listAll(client.userData.list, of),
    resource_requirements: await listAll(client.resourceRequirements.list, of),
    slurm_schedulers: await listAll(client.slurmSchedulers.list, of),
    local_schedulers: await listAll(client.localSchedulers.list, of),
    failure_handlers: await listAll(client.failureHandlers.list, { id }),
    jobs: await listAll(client.jobs.list, { ...of, include_relationships: true }),
    workflow_actions: await client.actions.list({ id }),
    ...(includeResults ? { results: await listAll(client.results.list, { ...of, all_runs: true }) } : {}),
    ...(includeEvents ? { events: await listAll(client.events.list, of) } : {}),
  };
}
