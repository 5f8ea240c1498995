import { AfterokError } from '../../errors.js';
import { cyclesText } from '../graph/cycle-text.js';
import { findCycles } from '../graph/cycles.js';
import { JobGraph } from '../graph/job-graph.js';
import { stagesOf } from '../graph/stages.js';
import { subgraphsOf } from '../graph/subgraphs.js';
import { type EventAllocation, type EventDraft, EventDrafts } from './event-drafts.js';
import { eventIds } from './event-ids.js';
import { inNameOrder } from './name-order.js';
import { placeAllocation } from './place-allocation.js';
import type { PlanInput } from './plan-input.js';

/**
 * What happens in which order when every job completes. Names are in name order throughout, so that a specification
 * and the database records made from it give the same plan.
 */
export interface ExecutionPlan {
  workflowName: string;
  totalJobs: number;
  /** From the earliest stage to the latest. The first one is always the workflow's start. */
  events: PlanEvent[];
  stages: PlanStage[];
  /** Jobs of the parts of the workflow that have nothing to do with each other. */
  subgraphs: string[][];
}

/** Jobs that wait for exactly the same jobs become ready together: that is an event. */
export interface PlanEvent {
  /** No two events of a plan have the same. */
  id: string;
  trigger: { type: 'WorkflowStart' } | { type: 'JobsComplete'; jobs: string[] };
  allocations: EventAllocation[];
  /** Each job of the workflow becomes ready in exactly one event. In none: the event only makes an action ask for nodes. */
  jobsBecomingReady: string[];
  /** Ids of events that make ready what this one waits for. */
  dependsOn: string[];
  /** Ids of events that wait for what this one makes ready. */
  unlocks: string[];
}

/** The events of one stage. */
export interface PlanStage {
  /** The jobs of the stage before for which this one waits; none for the start. */
  waitsFor: string[];
  /** Those of all its events. */
  jobsBecomingReady: string[];
  events: PlanEvent[];
}

/** @throws AfterokError `cyclic-workflow` when jobs wait for each other */
export function executionPlan(input: PlanInput): ExecutionPlan {
  const graph = new JobGraph(inNameOrder(input.jobs));
  const { stage, order } = stagesOf(graph);
  if (order.length < graph.size) throw cyclicWorkflow(graph);
  const drafts = new EventDrafts(graph, stage);
  for (const allocation of input.allocations) placeAllocation(allocation, graph, drafts);
  const sorted = drafts.sorted();
  const events = eventsOf(graph, sorted);
  return {
    workflowName: input.workflowName,
    totalJobs: graph.size,
    events,
    stages: planStages(graph, stage, sorted, events),
    subgraphs: subgraphsOf(graph).map((jobs) => graph.names(jobs)),
  };
}

function cyclicWorkflow(graph: JobGraph): AfterokError {
  const message = `circular dependency: ${cyclesText(graph, findCycles(graph))}`;
  return new AfterokError('cyclic-workflow', message, 'remove one edge of each cycle');
}

function eventsOf(graph: JobGraph, drafts: readonly EventDraft[]): PlanEvent[] {
  const waitsFor = drafts.map((draft) => graph.names(draft.waitsFor));
  const ids = eventIds(waitsFor);
  const events = drafts.map(({ allocations, ready }, place): PlanEvent => {
    const jobs = waitsFor[place] ?? [];
    return {
      id: ids[place] ?? '',
      trigger: jobs.length === 0 ? { type: 'WorkflowStart' } : { type: 'JobsComplete', jobs },
      allocations,
      jobsBecomingReady: graph.names(ready),
      dependsOn: [],
      unlocks: [],
    };
  });
  linkEvents(graph, drafts, events);
  return events;
}

/** An event depends on those in which the jobs that it waits for become ready. */
function linkEvents(graph: JobGraph, drafts: readonly EventDraft[], events: readonly PlanEvent[]): void {
  const eventOf = new Uint32Array(graph.size);
  for (const [place, { ready }] of drafts.entries()) for (const job of ready) eventOf[job] = place;
  for (const [place, { waitsFor }] of drafts.entries()) {
    const before = new Set(Array.from(waitsFor, (job) => eventOf[job] ?? 0));
    for (const other of [...before].sort((a, b) => a - b)) {
      events[place]?.dependsOn.push(events[other]?.id ?? '');
      events[other]?.unlocks.push(events[place]?.id ?? '');
    }
  }
}

function planStages(
  graph: JobGraph,
  stageOf: Int32Array,
  drafts: readonly EventDraft[],
  events: readonly PlanEvent[],
): PlanStage[] {
  const stages: { waitsFor: Set<number>; ready: number[]; events: PlanEvent[] }[] = [];
  for (const [place, event] of events.entries()) {
    const { stage, waitsFor, ready } = drafts[place] as EventDraft;
    stages[stage] ??= { waitsFor: new Set(), ready: [], events: [] };
    stages[stage].events.push(event);
    for (const job of ready) stages[stage].ready.push(job);
    for (const job of waitsFor) if (stageOf[job] === stage - 1) stages[stage].waitsFor.add(job);
  }
  const sorted = (jobs: Iterable<number>) => graph.names([...jobs].sort((a, b) => a - b));
  return stages.map(({ waitsFor, ready, events }) => ({
    waitsFor: sorted(waitsFor),
    jobsBecomingReady: sorted(ready),
    events,
  }));
}
