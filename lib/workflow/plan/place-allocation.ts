import type { JobGraph } from '../graph/job-graph.js';
import type { TriggerType } from '../spec.js';
import { compareDrafts, type EventDraft, type EventDrafts } from './event-drafts.js';
import type { PlannedAllocation } from './plan-input.js';

type Place = (jobs: readonly number[], drafts: EventDrafts, graph: JobGraph) => EventDraft | null;

/** In which event an action fires, by its trigger. Those of jobs that name none never fire: null. */
const PLACES: Record<TriggerType, Place> = {
  on_workflow_start: (_, drafts) => drafts.start,
  on_worker_start: (_, drafts) => drafts.start,
  on_jobs_ready: (jobs, drafts) => latest(jobs.map((job) => drafts.ofJob(job))),
  on_jobs_complete: (jobs, drafts) => (jobs.length === 0 ? null : drafts.waitingFor(jobs)),
  on_workflow_complete: (_, drafts, graph) => drafts.waitingFor(graph.leaves()),
  on_worker_complete: (_, drafts, graph) => drafts.waitingFor(graph.leaves()),
};

/** Adds an action's allocation to the one event in which it fires. */
export function placeAllocation(allocation: PlannedAllocation, graph: JobGraph, drafts: EventDrafts): void {
  const { trigger, jobs, ...asked } = allocation;
  const places = new Set((jobs ?? []).flatMap((name) => graph.place(name) ?? []));
  const ascending = [...places].sort((a, b) => a - b);
  const draft = PLACES[trigger](ascending, drafts, graph);
  draft?.allocations.push({ ...asked, jobs: graph.names(jobs === null ? draft.ready : ascending) });
}

/** An action of several jobs waits until all are ready. */
function latest(drafts: readonly EventDraft[]): EventDraft | null {
  return drafts.reduce<EventDraft | null>(
    (last, draft) => (last === null || compareDrafts(last, draft) < 0 ? draft : last),
    null,
  );
}
