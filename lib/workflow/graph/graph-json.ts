import type { EdgeReason } from './edge-reason.js';
import type { JobGraph } from './job-graph.js';
import { stagesOf } from './stages.js';
import { subgraphsOf } from './subgraphs.js';

/**
 * The graph as data. Edges go from a job to one that waits for it; stages and subgraphs count from 1. A job that is on
 * a cycle, or waits for one that is, has no stage.
 */
export function graphJson(graph: JobGraph, workflowName: string) {
  const { stage, count } = stagesOf(graph);
  const subgraphs = subgraphsOf(graph);
  const subgraphOf = new Uint32Array(graph.size);
  for (const [number, jobs] of subgraphs.entries()) for (const job of jobs) subgraphOf[job] = number + 1;
  return {
    workflow_name: workflowName,
    total_jobs: graph.size,
    total_edges: graph.dependencies.edges,
    total_stages: count,
    total_subgraphs: subgraphs.length,
    roots: graph.names(graph.roots()),
    leaves: graph.names(graph.leaves()),
    jobs: graph.jobs.map(({ name }, job) => ({
      name,
      stage: stage[job] === -1 ? null : (stage[job] ?? 0) + 1,
      subgraph: subgraphOf[job] ?? 1,
    })),
    edges: graph.jobs.flatMap((_, consumer) => edgesInto(graph, consumer)),
  };
}

interface EdgeJson {
  from: string;
  to: string;
  reasons: readonly EdgeReason[];
}

function edgesInto(graph: JobGraph, consumer: number): EdgeJson[] {
  return Array.from(graph.reasons(consumer), ([producer, reasons]) => ({
    from: graph.name(producer),
    to: graph.name(consumer),
    reasons,
  }));
}
