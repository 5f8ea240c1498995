import type { JobGraph } from '../graph/job-graph.js';
import type { PlannedAllocation } from './plan-input.js';

export interface EventAllocation extends Omit<PlannedAllocation, 'trigger' | 'jobs'> {
  /** Those that the action is about; of an action about none in particular, those that become ready. */
  jobs: readonly string[];
}

/** An event while the plan is made: jobs are places in the graph. */
export interface EventDraft {
  /** Ascending; none for the start. */
  readonly waitsFor: readonly number[];
  readonly stage: number;
  readonly ready: number[];
  readonly allocations: EventAllocation[];
}

/** The events of a plan by what they wait for. */
export class EventDrafts {
  readonly start: EventDraft;
  private readonly drafts = new Map<string, EventDraft>();
  private readonly drafted: EventDraft[] = [];

  constructor(
    graph: JobGraph,
    private readonly stageOf: Int32Array,
  ) {
    this.start = this.waitingFor([]);
    for (let job = 0; job < graph.size; job += 1) {
      const draft = this.waitingFor(graph.dependencies.of(job));
      draft.ready.push(job);
      this.drafted.push(draft);
    }
  }

  /** The event in which a job becomes ready. */
  ofJob(job: number): EventDraft {
    return this.drafted[job] ?? this.start;
  }

  /** The event of exactly these jobs' completion, made where no job waits for it. Their places ascend. */
  waitingFor(jobs: readonly number[] | Uint32Array): EventDraft {
    const key = jobs.join(',');
    const known = this.drafts.get(key);
    if (known !== undefined) return known;
    const waitsFor = Array.from(jobs);
    const stage = waitsFor.reduce((latest, job) => Math.max(latest, (this.stageOf[job] ?? 0) + 1), 0);
    const draft = { waitsFor, stage, ready: [], allocations: [] };
    this.drafts.set(key, draft);
    return draft;
  }

  /** By stage, then by the first job that becomes ready; last those in which none does. */
  sorted(): EventDraft[] {
    return [...this.drafts.values()].sort(compareDrafts);
  }
}

export function compareDrafts(a: EventDraft, b: EventDraft): number {
  if (a.stage !== b.stage) return a.stage - b.stage;
  const [readyA = Number.MAX_VALUE, readyB = Number.MAX_VALUE] = [a.ready[0], b.ready[0]];
  return readyA - readyB || compareLists(a.waitsFor, b.waitsFor);
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((value, at) => value !== b[at]);
  return place === -1 ? a.length - b.length : (a[place] ?? 0) - (b[place] ?? -1);
}
