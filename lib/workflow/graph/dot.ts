import { printable } from '../../printable.js';
import { reasonText } from './edge-reason.js';
import type { JobGraph } from './job-graph.js';

/**
 * The graph for Graphviz: an edge from each job to those that wait for it, with its reasons where they are not plain
 * dependencies. Nodes are called `j0`, `j1`, …; names are labels only, so that they may be any text.
 */
export function toDot(graph: JobGraph, title: string): string {
  const lines = [`digraph ${quoted(title)} {`, '  node [shape=box];'];
  for (const [job, { name }] of graph.jobs.entries()) lines.push(`  j${job} [label=${quoted(name)}];`);
  for (const consumer of graph.jobs.keys()) {
    for (const [producer, reasons] of graph.reasons(consumer)) {
      const data = reasons.filter(({ kind }) => kind !== 'depends_on').map(reasonText);
      const label = data.length === 0 ? '' : ` [label=${quoted(data.join(', '))}]`;
      lines.push(`  j${producer} -> j${consumer}${label};`);
    }
  }
  return `${lines.join('\n')}\n}\n`;
}

/**
 * A quoted string that shows as this text: labels know backslash escapes (`\N` is the node's own name) and the
 * entities of HTML.
 */
function quoted(text: string): string {
  const escaped = printable(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;');
  return `"${escaped}"`;
}
