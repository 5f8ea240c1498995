import type { EventAllocation } from './event-drafts.js';
import type { ExecutionPlan, PlanEvent, PlanStage } from './execution-plan.js';
import { triggerText } from './trigger-text.js';

/** Where a plan comes from. */
export type PlanSource = { source: 'spec_file' } | { source: 'database'; workflow_id: number };

/** What `workflows execution-plan` prints with `-f json`. */
export function planJson(plan: ExecutionPlan, source: PlanSource) {
  return {
    status: 'success',
    ...source,
    workflow_name: plan.workflowName,
    total_events: plan.events.length,
    total_jobs: plan.totalJobs,
    root_events: plan.events.filter(({ dependsOn }) => dependsOn.length === 0).map(({ id }) => id),
    leaf_events: plan.events.filter(({ unlocks }) => unlocks.length === 0).map(({ id }) => id),
    events: plan.events.map(eventJson),
    total_stages: plan.stages.length,
    stages: plan.stages.map(stageJson),
    total_subgraphs: plan.subgraphs.length,
    subgraphs: plan.subgraphs.map((jobs) => ({ jobs })),
  };
}

function eventJson(event: PlanEvent) {
  const { trigger } = event;
  return {
    id: event.id,
    trigger:
      trigger.type === 'WorkflowStart' ? trigger : { type: trigger.type, data: { jobs: trigger.jobs } },
    trigger_description: triggerText(trigger.type === 'WorkflowStart' ? [] : trigger.jobs),
    scheduler_allocations: event.allocations.map(allocationJson),
    jobs_becoming_ready: event.jobsBecomingReady,
    depends_on_events: event.dependsOn,
    unlocks_events: event.unlocks,
  };
}

function allocationJson({ scheduler, schedulerType, count, jobs }: EventAllocation) {
  return { scheduler, scheduler_type: schedulerType, num_allocations: count, job_names: jobs };
}

function stageJson({ waitsFor, events }: PlanStage, place: number) {
  return {
    stage: place + 1,
    trigger_description: triggerText(waitsFor),
    events: events.map(({ id }) => id),
  };
}
