import { printable } from '../../printable.js';
import type { Cycle } from './cycles.js';
import { reasonText } from './edge-reason.js';
import type { JobGraph } from './job-graph.js';

/** Cycles that a message describes. */
const SHOWN_CYCLES = 5;

/** Jobs of one path, and beside it, that a message names; the cycle itself has them all. */
const SHOWN = 100;

/** One line for all; those beyond the first few are counted. */
export function cyclesText(graph: JobGraph, cycles: readonly Cycle[]): string {
  const texts = cycles.slice(0, SHOWN_CYCLES).map((cycle) => cycleText(graph, cycle));
  const left = cycles.length - SHOWN_CYCLES;
  return left > 0 ? `${texts.join('; ')}; and ${left} more` : texts.join('; ');
}

/**
 * One line: `'a' → 'b' (file x) → 'a' (depends_on)`, with the reasons for which each job waits for the one before, and
 * then the jobs on further cycles of the same knot.
 */
export function cycleText(graph: JobGraph, { path, others }: Cycle): string {
  const closed = [...path.slice(0, SHOWN), ...path.slice(0, 1)];
  const left = path.length - SHOWN;
  const steps = closed.map((job, place) => {
    const before = place < closed.length - 1 ? path[place - 1] : path.at(-1);
    return before === undefined ? quoted(graph, job) : waiting(graph, before, job);
  });
  if (left > 0) steps.splice(-1, 0, `… ${left} more …`);
  const text = steps.join(' → ');
  return others.length === 0 ? text : `${text}; on cycles with these: ${otherNames(graph, others)}`;
}

function waiting(graph: JobGraph, producer: number, consumer: number): string {
  const reasons = graph.reasons(consumer).get(producer) ?? [];
  return `${quoted(graph, consumer)} (${reasons.map(reasonText).join(', ')})`;
}

function otherNames(graph: JobGraph, others: readonly number[]): string {
  const names = others.slice(0, SHOWN).map((job) => quoted(graph, job));
  const left = others.length - SHOWN;
  return left > 0 ? `${names.join(', ')} and ${left} more` : names.join(', ');
}

function quoted(graph: JobGraph, job: number): string {
  return `'${printable(graph.name(job))}'`;
}
