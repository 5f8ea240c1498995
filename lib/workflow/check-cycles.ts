import type { Path } from '../positioned-text.js';
import { cycleText } from './graph/cycle-text.js';
import { findCycles } from './graph/cycles.js';
import { JobGraph } from './graph/job-graph.js';
import type { WorkflowJob } from './model.js';
import type { Problems } from './problems.js';

/**
 * Notes jobs that wait for themselves by way of others, whether by names, patterns, files or user data.
 *
 * @param paths where each of the jobs is written
 */
export function checkCycles(jobs: readonly WorkflowJob[], paths: readonly Path[], problems: Problems): void {
  const graph = new JobGraph(jobs);
  for (const cycle of findCycles(graph)) {
    const names = graph.names([...cycle.path, ...cycle.others]).map((name) => `'${name}'`);
    problems.add(
      paths[cycle.path[0] ?? 0] ?? ['jobs'],
      `Circular dependency detected involving jobs: ${names.join(', ')}; ${cycleText(graph, cycle)}`,
    );
  }
}
