import type { JobGraph } from './job-graph.js';

/** The parts of a graph that no edge joins, in the order of their first jobs; the jobs of each ascending. */
export function subgraphsOf(graph: JobGraph): number[][] {
  const subgraphs: number[][] = [];
  const part = partOfEach(graph);
  for (const [job, number] of part.entries()) {
    const jobs = subgraphs[number];
    if (jobs === undefined) subgraphs[number] = [job];
    else jobs.push(job);
  }
  return subgraphs;
}

function partOfEach(graph: JobGraph): Int32Array {
  const part = new Int32Array(graph.size).fill(-1);
  const found = new Uint32Array(graph.size);
  let parts = 0;
  for (let first = 0; first < graph.size; first += 1) {
    if (part[first] !== -1) continue;
    part[first] = parts;
    found[0] = first;
    for (let looked = 0, known = 1; looked < known; looked += 1) {
      const job = found[looked] ?? 0;
      for (const edges of [graph.dependencies, graph.dependents]) {
        for (const neighbour of edges.of(job)) {
          if (part[neighbour] !== -1) continue;
          part[neighbour] = parts;
          found[known++] = neighbour;
        }
      }
    }
    parts += 1;
  }
  return part;
}
