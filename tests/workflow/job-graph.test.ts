import fc from 'fast-check';
import t from 'tap';
import { JobGraph } from '../../lib/workflow/graph/job-graph.js';
import { stagesOf } from '../../lib/workflow/graph/stages.js';
import { subgraphsOf } from '../../lib/workflow/graph/subgraphs.js';
import { acyclicJobs, anyJobs, job, jobs, waitsFor } from './plain-jobs.js';

fc.configureGlobal({ seed: 20260123 });

/** a writes the file that b and c read, d says that it waits for b and reads what c writes. */
const DIAMOND = new JobGraph([
  job('a', { outputFiles: ['raw'] }),
  job('b', { inputFiles: ['raw'], outputUserData: ['left'] }),
  job('c', { inputFiles: ['raw'], outputFiles: ['right'], outputUserData: ['more'] }),
  job('d', { dependsOn: ['b', 'c'], inputFiles: ['right'], inputUserData: ['more'] }),
]);

t.test('edges come from dependencies, files and user data', async (t) => {
  t.same(
    [0, 1, 2, 3].map((one) => DIAMOND.names(DIAMOND.dependencies.of(one))),
    [[], ['a'], ['a'], ['b', 'c']],
  );
  t.same(
    [0, 1, 2, 3].map((one) => DIAMOND.names(DIAMOND.dependents.of(one))),
    [['b', 'c'], ['d'], ['d'], []],
  );
  t.same(DIAMOND.names(DIAMOND.roots()), ['a']);
  t.same(DIAMOND.names(DIAMOND.leaves()), ['d']);
  t.equal(DIAMOND.place('c'), 2);
  t.equal(DIAMOND.place('e'), undefined);
});

t.test('an edge with several reasons is one edge', async (t) => {
  t.same(
    [...DIAMOND.reasons(3)],
    [
      [1, [{ kind: 'depends_on' }]],
      [2, [{ kind: 'depends_on' }, { kind: 'file', name: 'right' }, { kind: 'user_data', name: 'more' }]],
    ],
  );
  t.same([...DIAMOND.reasons(0)], []);
});

t.test('every producer of a file is waited for, nobody waits for himself over a file', async (t) => {
  const graph = new JobGraph([
    job('a', { outputFiles: ['x'] }),
    job('b', { outputFiles: ['x'] }),
    job('c', { inputFiles: ['x', 'nobody writes this'], outputFiles: ['x'], dependsOn: ['nobody'] }),
  ]);
  t.same(graph.names(graph.dependencies.of(2)), ['a', 'b']);
  t.equal(graph.dependencies.edges, 2);
});

t.test('names that objects have are names like others', async (t) => {
  const graph = new JobGraph([
    job('__proto__', { outputFiles: ['constructor'] }),
    job('toString', { inputFiles: ['constructor'], dependsOn: ['hasOwnProperty'] }),
    job(''),
  ]);
  t.same(graph.names(graph.dependencies.of(1)), ['__proto__']);
  t.equal(graph.place(''), 2);
});

t.test('stages: as early as can be', async (t) => {
  const late = new JobGraph([
    job('d', { dependsOn: ['c', 'a'] }),
    job('c', { dependsOn: ['b'] }),
    job('b', { dependsOn: ['a'] }),
    job('a'),
    job('alone'),
  ]);
  const { stage, count, order } = stagesOf(late);
  t.same([...stage], [3, 2, 1, 0, 0]);
  t.equal(count, 4);
  t.same(late.names(order), ['a', 'alone', 'b', 'c', 'd']);
  t.same(stagesOf(new JobGraph([])), { stage: new Int32Array(), order: new Uint32Array(), count: 0 });
});

t.test('what is on a cycle or behind one has no stage', async (t) => {
  const graph = new JobGraph([
    job('free'),
    job('a', { dependsOn: ['b', 'free'] }),
    job('b', { dependsOn: ['a'] }),
    job('behind', { dependsOn: ['b'] }),
  ]);
  t.same([...stagesOf(graph).stage], [0, -1, -1, -1]);
});

t.test('subgraphs are the parts that no edge joins', async (t) => {
  const graph = new JobGraph([
    job('a1', { outputFiles: ['a'] }),
    job('b1', { outputUserData: ['b'] }),
    job('alone'),
    job('b2', { inputUserData: ['b'] }),
    job('a2', { inputFiles: ['a'] }),
  ]);
  t.same(
    subgraphsOf(graph).map((part) => graph.names(part)),
    [['a1', 'a2'], ['b1', 'b2'], ['alone']],
  );
});

t.test('ten thousand before a barrier and ten thousand behind it', async (t) => {
  const before = jobs('before', 10_000);
  const barrier = job('barrier', { dependsOn: before.map(({ name }) => name) });
  const graph = new JobGraph([...before, barrier, ...jobs('behind', 10_000, { dependsOn: ['barrier'] })]);
  t.equal(graph.dependencies.edges, 20_000);
  t.equal(stagesOf(graph).count, 3);
  t.equal(subgraphsOf(graph).length, 1);
});

t.test('edges are those of the definition', async () => {
  fc.assert(
    fc.property(anyJobs, (all) => {
      const graph = new JobGraph(all);
      return all.every((consumer, place) => {
        const naive = waitsFor(all, consumer).map(({ name }) => name);
        const found = graph.names(graph.dependencies.of(place));
        const reasons = graph.reasons(place);
        return (
          JSON.stringify(found) === JSON.stringify(naive) &&
          [...reasons.values()].every(({ length }) => length > 0) &&
          [...graph.dependencies.of(place)].every((other) => graph.dependents.of(other).includes(place))
        );
      });
    }),
  );
});

t.test('stages keep the laws of a topological order, and are the lowest that do', async () => {
  fc.assert(
    fc.property(acyclicJobs, (all) => {
      const graph = new JobGraph(all);
      const { stage, order, count } = stagesOf(graph);
      const rank = new Map(Array.from(order, (one, place) => [one, place]));
      return (
        rank.size === all.length &&
        all.every((_, place) => {
          const before = [...graph.dependencies.of(place)];
          const earliest = Math.max(-1, ...before.map((other) => stage[other] ?? 0)) + 1;
          return (
            stage[place] === earliest &&
            earliest < count &&
            before.every((other) => (rank.get(other) ?? 0) < (rank.get(place) ?? 0))
          );
        })
      );
    }),
  );
});

t.test('subgraphs share every job out, and edges stay within one', async () => {
  fc.assert(
    fc.property(anyJobs, (all) => {
      const graph = new JobGraph(all);
      const parts = subgraphsOf(graph);
      const partOf = new Map(parts.flatMap((part, number) => part.map((one) => [one, number] as const)));
      const joined = parts.every((part) => reachable(graph, part[0] ?? 0).size === part.length);
      return parts.flat().length === all.length && partOf.size === all.length && joined;
    }),
  );
});

/** Along edges in both directions. */
function reachable(graph: JobGraph, first: number): Set<number> {
  const found = new Set([first]);
  for (const one of found) {
    for (const other of [...graph.dependencies.of(one), ...graph.dependents.of(one)]) found.add(other);
  }
  return found;
}
