import { Adjacency } from './adjacency.js';
import type { EdgeReason } from './edge-reason.js';
import { EdgeSources, type GraphJob } from './edge-sources.js';

/** Jobs by their places in a list, and for which others each of them waits. */
export class JobGraph {
  /** By job, those that it waits for: ascending, each once. */
  readonly dependencies: Adjacency;
  /** By job, those that wait for it: ascending, each once. */
  readonly dependents: Adjacency;
  private readonly sources: EdgeSources;

  constructor(readonly jobs: readonly GraphJob[]) {
    this.sources = new EdgeSources(jobs);
    this.dependents = collect(jobs.length, this.sources).reversed();
    this.dependencies = this.dependents.reversed();
  }

  get size(): number {
    return this.jobs.length;
  }

  name(job: number): string {
    return this.jobs[job]?.name ?? '';
  }

  names(jobs: Iterable<number>): string[] {
    return Array.from(jobs, (job) => this.name(job));
  }

  /** Undefined when no job is called that. */
  place(name: string): number | undefined {
    return this.sources.place(name);
  }

  /** By job that it waits for, ascending, all reasons for which this one waits. */
  reasons(consumer: number): Map<number, EdgeReason[]> {
    const reasons = new Map(Array.from(this.dependencies.of(consumer), (job) => [job, [] as EdgeReason[]]));
    this.sources.forEachInto(consumer, (producer, reason) => reasons.get(producer)?.push(reason));
    return reasons;
  }

  /** Jobs that wait for none. */
  roots(): number[] {
    return this.without(this.dependencies);
  }

  /** Jobs for which none waits. */
  leaves(): number[] {
    return this.without(this.dependents);
  }

  private without(edges: Adjacency): number[] {
    return Array.from(this.jobs.keys()).filter((job) => edges.count(job) === 0);
  }
}

function collect(jobs: number, sources: EdgeSources): Adjacency {
  const starts = new Uint32Array(jobs + 1);
  const producers: number[] = [];
  /** The last consumer for which each producer was noted: an edge with several reasons is one edge. */
  const notedFor = new Int32Array(jobs).fill(-1);
  for (let consumer = 0; consumer < jobs; consumer += 1) {
    sources.forEachInto(consumer, (producer) => {
      if (notedFor[producer] === consumer) return;
      notedFor[producer] = consumer;
      producers.push(producer);
    });
    starts[consumer + 1] = producers.length;
  }
  return new Adjacency(starts, Uint32Array.from(producers));
}
