import type { GraphJob } from '../graph/edge-sources.js';
import type { WorkflowModel } from '../model.js';
import type { TriggerType } from '../spec.js';

/** What a plan is made of, whether it comes from a specification or from a database. */
export interface PlanInput {
  readonly workflowName: string;
  readonly jobs: readonly GraphJob[];
  readonly allocations: readonly PlannedAllocation[];
}

/** An action that asks a scheduler for nodes. */
export interface PlannedAllocation {
  readonly trigger: TriggerType;
  /** Names; null for an action that is not about particular jobs. */
  readonly jobs: readonly string[] | null;
  readonly scheduler: string;
  readonly schedulerType: string;
  readonly count: number;
}

/** From a specification that has been expanded. */
export function planInputOfModel(model: WorkflowModel): PlanInput {
  return {
    workflowName: model.settings.name,
    jobs: model.jobs,
    allocations: model.actions
      .filter(({ action_type }) => action_type === 'schedule_nodes')
      .map((action) => ({
        trigger: action.trigger_type,
        jobs: action.jobs,
        scheduler: action.scheduler ?? '',
        schedulerType: action.scheduler_type ?? 'slurm',
        count: action.num_allocations ?? 1,
      })),
  };
}
