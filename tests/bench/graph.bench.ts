import { findCycles } from '../../lib/workflow/graph/cycles.js';
import { toDot } from '../../lib/workflow/graph/dot.js';
import type { GraphJob } from '../../lib/workflow/graph/edge-sources.js';
import { graphJson } from '../../lib/workflow/graph/graph-json.js';
import { JobGraph } from '../../lib/workflow/graph/job-graph.js';
import { toMermaid } from '../../lib/workflow/graph/mermaid.js';
import { stagesOf } from '../../lib/workflow/graph/stages.js';
import { subgraphsOf } from '../../lib/workflow/graph/subgraphs.js';
import { executionPlan } from '../../lib/workflow/plan/execution-plan.js';
import { planJson } from '../../lib/workflow/plan/plan-json.js';
import { planText } from '../../lib/workflow/plan/plan-text.js';
import { job, jobs } from '../workflow/plain-jobs.js';
import { report } from './cluster.js';

/** Graph and execution plan of very large workflows, by shape. No recursion, whatever the depth. */
const SHAPES: Record<string, () => GraphJob[]> = {
  '10000 → 1 → 10000': () => [
    ...jobs('first', 10_000),
    job('barrier', { dependsOn: jobs('first', 10_000).map(({ name }) => name) }),
    ...jobs('second', 10_000, { dependsOn: ['barrier'] }),
  ],
  '1000 × 1000': () => [
    ...jobs('first', 1000),
    ...jobs('second', 1000, { dependsOn: jobs('first', 1000).map(({ name }) => name) }),
  ],
  '100000 alone': () => jobs('work', 100_000),
  '100000 in a row': () =>
    jobs('step', 100_000).map((one, place) => ({ ...one, dependsOn: place === 0 ? [] : [`step_${place}`] })),
  '100000 in a ring': () =>
    jobs('step', 100_000).map((one, place) => ({ ...one, dependsOn: [`step_${place || 100_000}`] })),
  '100000 jobs, 1000000 edges': () => backwards(100_000, 10, 'dependsOn'),
  'the same, by files': () => backwards(100_000, 10, 'inputFiles'),
};

for (const [shape, make] of Object.entries(SHAPES)) measure(shape, make());

function measure(shape: string, all: GraphJob[]): void {
  const graph = timed(() => new JobGraph(all));
  const common = { shape, jobs: all.length, edges: graph.result.dependencies.edges, build: graph.seconds };
  const cycles = timed(() => findCycles(graph.result));
  const stages = timed(() => stagesOf(graph.result));
  const subgraphs = timed(() => subgraphsOf(graph.result));
  report('graph', {
    ...common,
    cycles: cycles.seconds,
    stages: stages.seconds,
    subgraphs: subgraphs.seconds,
    allowed: 2,
  });
  if (cycles.result.length > 0) return;
  const plan = timed(() => executionPlan({ workflowName: shape, jobs: all, allocations: [] }));
  report('execution plan', {
    shape,
    events: plan.result.events.length,
    plan: plan.seconds,
    text: timed(() => planText(plan.result)).seconds,
    json: timed(() => JSON.stringify(planJson(plan.result, { source: 'spec_file' }))).seconds,
  });
  report('graph export', {
    shape,
    dot: timed(() => toDot(graph.result, shape)).seconds,
    mermaid: timed(() => toMermaid(graph.result)).seconds,
    json: timed(() => JSON.stringify(graphJson(graph.result, shape))).seconds,
  });
}

/** Each job waits for some of the thousand before it. */
function backwards(count: number, each: number, kind: 'dependsOn' | 'inputFiles'): GraphJob[] {
  const next = random(1);
  return jobs('work', count).map((one, place) => {
    const before = Array.from({ length: place === 0 ? 0 : each }, () => {
      const back = 1 + Math.floor(next() * Math.min(place, 1000));
      return `work_${place + 1 - back}`;
    });
    return { ...one, outputFiles: [one.name], [kind]: before };
  });
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function timed<T>(work: () => T): { result: T; seconds: number } {
  const start = performance.now();
  const result = work();
  return { result, seconds: Math.round(performance.now() - start) / 1000 };
}
