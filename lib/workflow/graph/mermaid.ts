import { printable } from '../../printable.js';
import { reasonText } from './edge-reason.js';
import type { JobGraph } from './job-graph.js';

/**
 * Everything but letters, digits and what is plain in a quoted label. Mermaid reads HTML, entities that begin with `#`,
 * Markdown, and the directives of `%%`, wherever they stand.
 */
const NOT_PLAIN = /[^\p{L}\p{N} _.,:/+=-]/gu;

/**
 * The graph as a Mermaid flowchart, an edge from each job to those that wait for it, with its reasons where they are
 * not plain dependencies. Nodes are called `j0`, `j1`, …; names are labels only, so that they may be any text.
 */
export function toMermaid(graph: JobGraph): string {
  const lines = ['flowchart TD'];
  for (const [job, { name }] of graph.jobs.entries()) lines.push(`  j${job}[${quoted(name)}]`);
  for (const consumer of graph.jobs.keys()) {
    for (const [producer, reasons] of graph.reasons(consumer)) {
      const data = reasons.filter(({ kind }) => kind !== 'depends_on').map(reasonText);
      const label = data.length === 0 ? '' : `|${quoted(data.join(', '))}|`;
      lines.push(`  j${producer} -->${label} j${consumer}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Characters that mean something become entities by number: `#34;` for a quotation mark. */
function quoted(text: string): string {
  // An empty label is none: the node would show its own name.
  const shown = text === '' ? ' ' : printable(text);
  return `"${shown.replace(NOT_PLAIN, (one) => `#${one.codePointAt(0) ?? 0};`)}"`;
}
