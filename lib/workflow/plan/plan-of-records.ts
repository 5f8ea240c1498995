import type { GraphJob } from '../graph/edge-sources.js';
import { TRIGGER_TYPES } from '../spec.js';
import type { PlanInput, PlannedAllocation } from './plan-input.js';

/** The fields of the API's records that a plan needs; its models have them all. */
export interface WorkflowRecords {
  readonly workflow: { readonly name: string };
  readonly jobs: readonly JobRecord[];
  readonly actions: readonly ActionRecord[];
  readonly slurmSchedulers: readonly { readonly id?: number; readonly name?: string }[];
  /** For whoever wants to see the reasons of edges; plans do without. */
  readonly files?: readonly NamedRecord[];
  readonly userData?: readonly NamedRecord[];
}

interface NamedRecord {
  readonly id?: number;
  readonly name: string;
}

interface JobRecord extends NamedRecord {
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
 * From records of the API. Before a workflow is initialised its jobs do not yet depend on those whose files they read;
 * the plan is the same. Jobs that share a name, which the API does not forbid, are told apart by their ids.
 */
export function planInputOfRecords(records: WorkflowRecords): PlanInput {
  const names = {
    jobs: distinctNames(records.jobs),
    files: distinctNames(records.files ?? []),
    userData: distinctNames(records.userData ?? []),
  };
  const schedulers = new Map(records.slurmSchedulers.map(({ id, name }) => [id, name]));
  return {
    workflowName: records.workflow.name,
    jobs: records.jobs.map((job) => graphJob(job, names)),
    allocations: records.actions.flatMap((action) =>
      allocation(action, action.job_ids == null ? null : known(action.job_ids, names.jobs), schedulers),
    ),
  };
}

type Names = ReadonlyMap<number, string>;

function graphJob(job: JobRecord, names: Record<'jobs' | 'files' | 'userData', Names>): GraphJob {
  return {
    name: known([job.id ?? -1], names.jobs)[0] ?? job.name,
    dependsOn: known(job.depends_on_job_ids, names.jobs),
    inputFiles: named(job.input_file_ids, names.files),
    outputFiles: named(job.output_file_ids, names.files),
    inputUserData: named(job.input_user_data_ids, names.userData),
    outputUserData: named(job.output_user_data_ids, names.userData),
  };
}

type Ids = readonly number[] | undefined;

function known(ids: Ids, names: Names): string[] {
  return (ids ?? []).flatMap((id) => names.get(id) ?? []);
}

/** Ids stand for names that were not asked for. */
function named(ids: Ids, names: Names): string[] {
  return (ids ?? []).map((id) => names.get(id) ?? `#${id}`);
}

/** By id, a name that no other has: those of several are followed by their ids. */
function distinctNames(records: readonly NamedRecord[]): Names {
  const bearers = new Map<string, number>();
  for (const { name } of records) bearers.set(name, (bearers.get(name) ?? 0) + 1);
  return new Map(
    records.map(({ id = -1, name }) => {
      if (bearers.get(name) === 1) return [id, name];
      let distinct = `${name} #${id}`;
      while (bearers.has(distinct)) distinct += "'";
      return [id, distinct];
    }),
  );
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
