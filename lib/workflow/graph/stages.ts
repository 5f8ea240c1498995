import type { JobGraph } from './job-graph.js';

export interface Stages {
  /** By job, from 0: one more than the latest stage of a job that it waits for. -1 on a cycle, and behind one. */
  readonly stage: Int32Array;
  /** The jobs that have a stage, each after all that it waits for. */
  readonly order: Uint32Array;
  readonly count: number;
}

/** When each job can run at the earliest, if all jobs of a stage run at once and the next stage waits for them. */
export function stagesOf(graph: JobGraph): Stages {
  const stage = new Int32Array(graph.size).fill(-1);
  const waiting = Uint32Array.from(graph.jobs.keys(), (job) => graph.dependencies.count(job));
  const queue = new Uint32Array(graph.size);
  let queued = 0;
  for (const root of graph.roots()) {
    stage[root] = 0;
    queue[queued++] = root;
  }
  let count = queued > 0 ? 1 : 0;
  for (let taken = 0; taken < queued; taken += 1) {
    const job = queue[taken] ?? 0;
    for (const dependent of graph.dependents.of(job)) {
      const left = (waiting[dependent] ?? 0) - 1;
      waiting[dependent] = left;
      if (left > 0) continue;
      // Jobs are taken stage by stage, so the one that is waited for last is of the latest stage.
      const reached = (stage[job] ?? 0) + 1;
      stage[dependent] = reached;
      count = Math.max(count, reached + 1);
      queue[queued++] = dependent;
    }
  }
  return { stage, order: queue.subarray(0, queued), count };
}
