import type { JobGraph } from './job-graph.js';
import { knotOfEach, NO_KNOT } from './knots.js';

export interface Cycle {
  /** In the order in which they would run: each waits for the one before, and the first for the last. */
  readonly path: readonly number[];
  /** Jobs on other cycles that pass through jobs of this one, or through each other; ascending. */
  readonly others: readonly number[];
}

/**
 * Why jobs can never run. Every job that is on a cycle is named exactly once, in a path or beside it; what merely waits
 * for such a job is not named. Each path is a shortest one through its first job. Empty: the graph has no cycle.
 */
export function findCycles(graph: JobGraph): Cycle[] {
  const knot = knotOfEach(graph);
  const members = new Map<number, number[]>();
  for (const [job, number] of knot.entries()) {
    if (number === NO_KNOT) continue;
    const known = members.get(number);
    if (known === undefined) members.set(number, [job]);
    else known.push(job);
  }
  const before = new Int32Array(graph.size).fill(-1);
  return Array.from(members.values(), (jobs) => {
    const path = shortestCycle(graph, knot, jobs[0] ?? 0, before);
    const onPath = new Set(path);
    return { path, others: jobs.filter((job) => !onPath.has(job)) };
  });
}

/** Breadth first within the knot; `before` is by whom each job was found, and is used for one knot after the other. */
function shortestCycle(graph: JobGraph, knot: Int32Array, first: number, before: Int32Array): number[] {
  const queue = [first];
  for (const job of queue) {
    for (const next of graph.dependents.of(job)) {
      if (knot[next] !== knot[first] || before[next] !== -1) continue;
      before[next] = job;
      if (next === first) return wayBack(before, first);
      queue.push(next);
    }
  }
  throw new Error(`job ${graph.name(first)} is on no cycle`);
}

function wayBack(before: Int32Array, first: number): number[] {
  const path = [];
  let job = first;
  do {
    job = before[job] ?? first;
    path.push(job);
  } while (job !== first);
  return path.reverse();
}
