import fc from 'fast-check';
import t from 'tap';
import { cyclesText, cycleText } from '../../lib/workflow/graph/cycle-text.js';
import { type Cycle, findCycles } from '../../lib/workflow/graph/cycles.js';
import { JobGraph } from '../../lib/workflow/graph/job-graph.js';
import { anyJobs, job, jobs } from './plain-jobs.js';

fc.configureGlobal({ seed: 20260124 });

function texts(graph: JobGraph): string[] {
  return findCycles(graph).map((cycle) => cycleText(graph, cycle));
}

t.test('a graph without cycles has none', async (t) => {
  t.same(findCycles(new JobGraph([])), []);
  t.same(findCycles(new JobGraph([job('a'), job('b', { dependsOn: ['a'] })])), []);
});

t.test('a cycle is told in the order in which its jobs would run, with the reasons', async (t) => {
  const graph = new JobGraph([
    job('a', { dependsOn: ['c'], outputFiles: ['x'] }),
    job('b', { inputFiles: ['x'], outputUserData: ['y'] }),
    job('c', { inputUserData: ['y'], dependsOn: ['b'] }),
    job('behind', { dependsOn: ['c'] }),
    job('before'),
  ]);
  t.same(findCycles(graph), [{ path: [0, 1, 2], others: [] }]);
  t.same(texts(graph), ["'a' → 'b' (file x) → 'c' (depends_on, user data y) → 'a' (depends_on)"]);
});

t.test('a job that waits for itself', async (t) => {
  t.same(texts(new JobGraph([job('a', { dependsOn: ['a'] })])), ["'a' → 'a' (depends_on)"]);
});

t.test('two that read each other', async (t) => {
  const graph = new JobGraph([
    job('a', { inputFiles: ['y'], outputFiles: ['x'] }),
    job('b', { inputFiles: ['x'], outputFiles: ['y'] }),
  ]);
  t.same(texts(graph), ["'a' → 'b' (file x) → 'a' (file y)"]);
});

t.test('jobs on further cycles of the same knot are named beside the shortest', async (t) => {
  const graph = new JobGraph([
    job('hub', { dependsOn: ['left', 'far'] }),
    job('left', { dependsOn: ['hub'] }),
    job('near', { dependsOn: ['hub'] }),
    job('far', { dependsOn: ['near'] }),
    job('x', { dependsOn: ['x'] }),
  ]);
  t.same(findCycles(graph), [
    { path: [0, 1], others: [2, 3] },
    { path: [4], others: [] },
  ]);
  t.equal(
    cyclesText(graph, findCycles(graph)),
    "'hub' → 'left' (depends_on) → 'hub' (depends_on); on cycles with these: 'near', 'far'; 'x' → 'x' (depends_on)",
  );
});

t.test('a ring of 100,000 jobs: whole in the data, cut in the message', async (t) => {
  const size = 100_000;
  const ring = jobs('step', size).map((one, place) => ({ ...one, dependsOn: [`step_${place || size}`] }));
  const graph = new JobGraph(ring);
  const [cycle] = findCycles(graph) as [Cycle];
  t.equal(cycle.path.length, size);
  t.ok(cycle.path.every((one, place) => one === place));
  const text = cycleText(graph, cycle);
  t.ok(text.length < 5000);
  t.match(text, / → '(step_100)' \(depends_on\) → … 99900 more … → 'step_1' \(depends_on\)$/);
});

t.test('many cycles: the first few are described', async (t) => {
  const graph = new JobGraph(jobs('own', 8).map((one) => ({ ...one, dependsOn: [one.name] })));
  t.equal(findCycles(graph).length, 8);
  t.match(cyclesText(graph, findCycles(graph)), /; 'own_5' → 'own_5' \(depends_on\); and 3 more$/);
});

t.test('hostile names stay on their line', async (t) => {
  const name = 'a\n\u001b[31mb\u202e';
  const text = cycleText(new JobGraph([job(name, { dependsOn: [name] })]), { path: [0], others: [] });
  t.ok(text === "'a\\n\\u{1b}[31mb\\u{202e}' → 'a\\n\\u{1b}[31mb\\u{202e}' (depends_on)");
});

t.test('cycles name exactly the jobs that wait for themselves, and are cycles', async () => {
  fc.assert(
    fc.property(anyJobs, (all) => {
      const graph = new JobGraph(all);
      const cycles = findCycles(graph);
      const named = cycles.flatMap(({ path, others }) => [...path, ...others]).sort((a, b) => a - b);
      const naive = all.map((_, place) => place).filter((place) => waitsForItself(graph, place));
      return (
        JSON.stringify(named) === JSON.stringify(naive) && cycles.every((cycle) => isCycle(graph, cycle))
      );
    }),
    { numRuns: 1000 },
  );
});

function isCycle(graph: JobGraph, { path }: Cycle): boolean {
  return path.every((one, place) => graph.dependencies.of(one).includes(path.at(place - 1) ?? -1));
}

function waitsForItself(graph: JobGraph, place: number): boolean {
  const found = new Set(graph.dependencies.of(place));
  for (const one of found) for (const other of graph.dependencies.of(one)) found.add(other);
  return found.has(place);
}
