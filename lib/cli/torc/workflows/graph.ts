import { choice, path, required } from '../../tree/option.js';
import { command } from '../command.js';

export const showGraph = command({
  name: 'graph',
  summary: 'Print which job waits for which, for programs that draw',
  positionals: { 'spec-or-id': required(path('A specification, or the id of a workflow')) },
  options: {
    format: choice('Output format; dot unless said otherwise', ['dot', 'mermaid', 'json'], { alias: 'f' }),
  },
  examples: [
    {
      text: 'A picture, with Graphviz',
      command: 'torc workflows graph workflow.yaml | dot -Tsvg -o graph.svg',
    },
    { text: 'For a page in Markdown', command: 'torc workflows graph 1 -f mermaid' },
  ],
  async run({ specOrId: word, format }, session) {
    const [{ planInputOf }, { JobGraph }, { graphJson }, { toDot }, { toMermaid }] = await Promise.all([
      import('./plan-source.js'),
      import('../../../workflow/graph/job-graph.js'),
      import('../../../workflow/graph/graph-json.js'),
      import('../../../workflow/graph/dot.js'),
      import('../../../workflow/graph/mermaid.js'),
    ]);
    const { input } = await planInputOf(session, word);
    const graph = new JobGraph(input.jobs);
    if (format === 'json' || (format === undefined && session.isJson)) {
      process.stdout.write(`${JSON.stringify(graphJson(graph, input.workflowName), null, 2)}\n`);
      return;
    }
    process.stdout.write(format === 'mermaid' ? toMermaid(graph) : toDot(graph, input.workflowName));
  },
});
