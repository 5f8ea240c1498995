import type { Round, TaskOutcome } from '../chain/checkpoint.js';
import type { RoundReport } from './round-report.js';

/** What a decided round looked like from inside. */
export interface RoundDetails {
  round: number;
  memory: (number | null)[];
  rungs: string[] | null;
  /** Attempts per state of Slurm, most frequent first; UNKNOWN where it told nothing. */
  states: { state: string; count: number }[];
  /** Seconds, of attempts that had a node; null when none had. */
  runtime: { min: number; max: number } | null;
  /** Attempts per node, most used first. */
  nodes: { node: string; count: number }[];
}

/** @returns null for a round that is not decided */
export function roundDetails(
  round: Round,
  report: Pick<RoundReport, 'tasks' | 'memory' | 'rungs'>,
  outcomes: readonly TaskOutcome[],
): RoundDetails | null {
  if (round.result === null) return null;
  return {
    round: round.number,
    memory: report.memory,
    rungs: report.rungs,
    states: statesOf(round.result.states, report.tasks),
    runtime: runtimeOf(outcomes),
    nodes: nodesOf(outcomes),
  };
}

/** The checkpoint's own counts: they are there when the outcome file is not. */
function statesOf(recorded: Readonly<Record<string, number>>, tasks: number): RoundDetails['states'] {
  const counts = new Map(Object.entries(recorded));
  const told = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (tasks > told) counts.set('UNKNOWN', (counts.get('UNKNOWN') ?? 0) + tasks - told);
  return mostFirst(counts).map(([state, count]) => ({ state, count }));
}

/** Attempts that were cancelled in the queue have run for no time, which says nothing. */
function runtimeOf(outcomes: readonly TaskOutcome[]): RoundDetails['runtime'] {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const { elapsed, node } of outcomes) {
    if (node === null) continue;
    min = Math.min(min, elapsed);
    max = Math.max(max, elapsed);
  }
  return min <= max ? { min, max } : null;
}

function nodesOf(outcomes: readonly TaskOutcome[]): RoundDetails['nodes'] {
  const counts = new Map<string, number>();
  for (const { node } of outcomes) if (node !== null) counts.set(node, (counts.get(node) ?? 0) + 1);
  return mostFirst(counts).map(([node, count]) => ({ node, count }));
}

/** Equal counts by name, numbers in it by value: n2 before n10. */
function mostFirst(counts: ReadonlyMap<string, number>): [string, number][] {
  const byName = new Intl.Collator('en', { numeric: true });
  return [...counts].sort(([a, m], [b, n]) => n - m || byName.compare(a, b));
}
