import type { GraphJob } from '../graph/edge-sources.js';
import { TRIGGER_TYPES } from '../spec.js';
import type { PlanInput, PlannedAllocation } from './plan-input.js';

/** The fields of the API's records that a plan needs; its models have them all. */
export interface WorkflowRecords {
  readonly workflow: { readonly name: string };
  readonly jobs: readonly JobRecord[];
  readonly actions: readonly ActionRecord[];
  readonly slurmSchedulers: readonly { readonly id?: number; readonly name?: string }[];
}

interface JobRecord {
  readonly id?: number;
  readonly name: string;
  readonly depends_on_job_ids?: readonly number[];
  readonly input_file_ids?: readonly number[];
  readonly output_file_ids?: readonly number[];
  readonly input_user_data_ids?: readonly number[];
  readonly output_user_data_ids?: readonly number[];
}

interface ActionRecord {
  readonly trigger_type: string;
  readonly action_type: string;
  readonly action_config: unknown;
  readonly job_ids?: readonly number[] | null;
  /** Made by a recovery, and gone with the next initialisation. */
  readonly is_recovery?: boolean;
}

/**
 * From records of the API. Files and user data count by their ids, so their names need not be fetched. Before a
 * workflow is initialised its jobs do not yet depend on those whose files they read; the plan is the same.
 */
export function planInputOfRecords(records: WorkflowRecords): PlanInput {
  const jobNames = new Map(records.jobs.map(({ id, name }) => [id, name]));
  const schedulers = new Map(records.slurmSchedulers.map(({ id, name }) => [id, name]));
  const namesOf = (ids: readonly number[] | null | undefined) =>
    (ids ?? []).flatMap((id) => jobNames.get(id) ?? []);
  return {
    workflowName: records.workflow.name,
    jobs: records.jobs.map((job) => graphJob(job, namesOf(job.depends_on_job_ids))),
    allocations: records.actions.flatMap((action) =>
      allocation(action, action.job_ids == null ? null : namesOf(action.job_ids), schedulers),
    ),
  };
}

function graphJob(job: JobRecord, dependsOn: string[]): GraphJob {
  return {
    name: job.name,
    dependsOn,
    inputFiles: (job.input_file_ids ?? []).map(String),
    outputFiles: (job.output_file_ids ?? []).map(String),
    inputUserData: (job.input_user_data_ids ?? []).map(String),
    outputUserData: (job.output_user_data_ids ?? []).map(String),
  };
}

/** None for other actions, and for triggers that runners do not know. The configuration is whatever a client sent. */
function allocation(
  action: ActionRecord,
  jobs: string[] | null,
  schedulers: ReadonlyMap<number | undefined, string | undefined>,
): PlannedAllocation[] {
  const trigger = TRIGGER_TYPES.find((type) => type === action.trigger_type);
  if (trigger === undefined || action.action_type !== 'schedule_nodes' || action.is_recovery) return [];
  const config = action.action_config;
  const { scheduler_id, scheduler_type, num_allocations } = (
    typeof config === 'object' && config !== null ? config : {}
  ) as Record<string, unknown>;
  const id = typeof scheduler_id === 'number' ? scheduler_id : undefined;
  return [
    {
      trigger,
      jobs,
      scheduler: schedulers.get(id) ?? (id === undefined ? '' : `scheduler ${id}`),
      schedulerType: typeof scheduler_type === 'string' ? scheduler_type : 'slurm',
      count: typeof num_allocations === 'number' ? num_allocations : 1,
    },
  ];
}
