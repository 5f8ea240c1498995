import type { JobGraph } from './job-graph.js';

/** Of no knot: the job is on no cycle. */
export const NO_KNOT = -1;

/**
 * By job, the number of its knot: of the largest set of jobs each of which waits, through others, for every other and
 * for itself. Tarjan's strongly connected components, without those of one job that does not wait for itself.
 */
export function knotOfEach(graph: JobGraph): Int32Array {
  return new KnotSearch(graph).run();
}

/** Tarjan's search with a stack of its own: a chain of 100,000 jobs is deeper than the machine's. */
class KnotSearch {
  private readonly knot: Int32Array;
  private knots = 0;
  /** When each job was first seen, from 1. */
  private readonly seen: Uint32Array;
  private clock = 0;
  /** The earliest job seen that can be reached from each. */
  private readonly low: Uint32Array;
  /** Seen, and not yet known to which component they belong. */
  private readonly open: number[] = [];
  private readonly isOpen: Uint8Array;
  /** By job, the next of its edges to follow. */
  private readonly cursor: Uint32Array;

  constructor(private readonly graph: JobGraph) {
    this.knot = new Int32Array(graph.size).fill(NO_KNOT);
    this.seen = new Uint32Array(graph.size);
    this.low = new Uint32Array(graph.size);
    this.isOpen = new Uint8Array(graph.size);
    this.cursor = graph.dependents.starts.slice();
  }

  run(): Int32Array {
    for (let job = 0; job < this.graph.size; job += 1) {
      if (this.seen[job] === 0) this.searchFrom(job);
    }
    return this.knot;
  }

  private searchFrom(first: number): void {
    const path = [first];
    this.enter(first);
    for (let job = path.at(-1); job !== undefined; job = path.at(-1)) {
      const next = this.follow(job);
      if (next === undefined) {
        path.pop();
        const before = path.at(-1);
        if (before !== undefined) this.lower(before, this.low[job] ?? 0);
        if (this.low[job] === this.seen[job]) this.close(job);
      } else if (this.seen[next] === 0) {
        path.push(next);
        this.enter(next);
      } else if (this.isOpen[next] === 1) {
        this.lower(job, this.seen[next] ?? 0);
      }
    }
  }

  private enter(job: number): void {
    this.clock += 1;
    this.seen[job] = this.clock;
    this.low[job] = this.clock;
    this.isOpen[job] = 1;
    this.open.push(job);
  }

  /** The end of the next edge; undefined when all have been followed. */
  private follow(job: number): number | undefined {
    const { starts, targets } = this.graph.dependents;
    const place = this.cursor[job] ?? 0;
    if (place === starts[job + 1]) return undefined;
    this.cursor[job] = place + 1;
    return targets[place];
  }

  private lower(job: number, time: number): void {
    this.low[job] = Math.min(this.low[job] ?? 0, time);
  }

  /** Everything that is open since this job is its component. */
  private close(root: number): void {
    const isKnot = this.open.at(-1) !== root || this.graph.dependents.of(root).includes(root);
    for (;;) {
      const job = this.open.pop() ?? root;
      this.isOpen[job] = 0;
      if (isKnot) this.knot[job] = this.knots;
      if (job === root) break;
    }
    if (isKnot) this.knots += 1;
  }
}
