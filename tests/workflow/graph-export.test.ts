import t from 'tap';
import { toDot } from '../../lib/workflow/graph/dot.js';
import { graphJson } from '../../lib/workflow/graph/graph-json.js';
import { JobGraph } from '../../lib/workflow/graph/job-graph.js';
import { toMermaid } from '../../lib/workflow/graph/mermaid.js';
import { job } from './plain-jobs.js';

const GRAPH = new JobGraph([
  job('prep', { outputFiles: ['raw'] }),
  job('work', { inputFiles: ['raw'], dependsOn: ['prep'] }),
  job('end', { dependsOn: ['work'] }),
  job('alone'),
]);

/** What ends strings, tags and directives in the formats, and moves a terminal's cursor. */
const HOSTILE = new JobGraph([
  job('"]; click j0 "javascript:x"; <b>&lt;#34;%%{init}%%`end`\\', { outputFiles: ['f"|\\N'] }),
  job('two\nlines\u001b[2J\u0000', { inputFiles: ['f"|\\N'] }),
  job(''),
]);

t.test('Graphviz', async (t) => {
  t.equal(
    toDot(GRAPH, 'demo'),
    [
      'digraph "demo" {',
      '  node [shape=box];',
      '  j0 [label="prep"];',
      '  j1 [label="work"];',
      '  j2 [label="end"];',
      '  j3 [label="alone"];',
      '  j0 -> j1 [label="file raw"];',
      '  j1 -> j2;',
      '}',
      '',
    ].join('\n'),
  );
});

t.test('Mermaid', async (t) => {
  t.equal(
    toMermaid(GRAPH),
    [
      'flowchart TD',
      '  j0["prep"]',
      '  j1["work"]',
      '  j2["end"]',
      '  j3["alone"]',
      '  j0 -->|"file raw"| j1',
      '  j1 --> j2',
      '',
    ].join('\n'),
  );
});

t.test('JSON', async (t) => {
  t.same(graphJson(GRAPH, 'demo'), {
    workflow_name: 'demo',
    total_jobs: 4,
    total_edges: 2,
    total_stages: 3,
    total_subgraphs: 2,
    roots: ['prep', 'alone'],
    leaves: ['end', 'alone'],
    jobs: [
      { name: 'prep', stage: 1, subgraph: 1 },
      { name: 'work', stage: 2, subgraph: 1 },
      { name: 'end', stage: 3, subgraph: 1 },
      { name: 'alone', stage: 1, subgraph: 2 },
    ],
    edges: [
      { from: 'prep', to: 'work', reasons: [{ kind: 'depends_on' }, { kind: 'file', name: 'raw' }] },
      { from: 'work', to: 'end', reasons: [{ kind: 'depends_on' }] },
    ],
  });
  t.match(graphJson(new JobGraph([job('a', { dependsOn: ['a'] })]), 'x').jobs, [{ name: 'a', stage: null }]);
});

t.test('hostile names are labels and nothing else', async (t) => {
  const dot = toDot(HOSTILE, 'a"b\\');
  t.equal(dot.split('\n').length, 8, 'lines of the Graphviz text');
  t.ok(dot.startsWith('digraph "a\\"b\\\\" {\n'));
  const unquoted = dot.replace(/"(?:[^"\\]|\\.)*"/g, 'TEXT').split('\n');
  t.same(unquoted.slice(2, 6), [
    '  j0 [label=TEXT];',
    '  j1 [label=TEXT];',
    '  j2 [label=TEXT];',
    '  j0 -> j1 [label=TEXT];',
  ]);

  const mermaid = toMermaid(HOSTILE);
  const lines = mermaid.replace(/"[^"]*"/g, 'TEXT').split('\n');
  t.same(lines, ['flowchart TD', '  j0[TEXT]', '  j1[TEXT]', '  j2[TEXT]', '  j0 -->|TEXT| j1', '']);
  t.notMatch(mermaid.replaceAll('\n', ''), /[<&%`\\\p{Cc}]/u);
});

t.test('nothing to draw', async (t) => {
  const none = new JobGraph([]);
  t.equal(toDot(none, ''), 'digraph "" {\n  node [shape=box];\n}\n');
  t.equal(toMermaid(none), 'flowchart TD\n');
  t.match(graphJson(none, ''), { total_jobs: 0, total_stages: 0, jobs: [], edges: [] });
});
