import type { Checkpoint, TaskOutcome } from '../chain/checkpoint.js';
import { renderMarkdown } from './chain-markdown.js';
import { type ChainReport, chainReport } from './chain-report.js';
import { markdownTable } from './markdown-table.js';

/** A report over all chains of a tracker. */
export interface AllChainsReport {
  /** In the order given. */
  chains: ChainReport[];
  /** Chains whose checkpoint cannot be read, and why: they are not passed over in silence. */
  unreadable: UnreadableChain[];
}

export interface UnreadableChain {
  chain: string;
  problem: string;
}

export function allChainsReport(
  checkpoints: Iterable<Checkpoint>,
  outcomesOf: (chain: string, round: number) => TaskOutcome[],
  options: { detailed: boolean; unreadable?: readonly UnreadableChain[] },
): AllChainsReport {
  const chains = [...checkpoints].map((checkpoint) =>
    chainReport(checkpoint, (round) => outcomesOf(checkpoint.chain, round), options),
  );
  return { chains, unreadable: [...(options.unreadable ?? [])] };
}

/** A table of the chains, then the report of each. */
export function renderAllChains({ chains, unreadable }: AllChainsReport): string {
  const heads = ['Chain', 'Script', 'State', 'Rounds', 'Tasks', 'Completed', 'Failed', 'Unknown', 'Open'];
  const rows = chains.map(({ chain, script, state, rounds, summary }) => [
    chain,
    script,
    state.toUpperCase(),
    rounds.length,
    summary.tasks,
    summary.completed,
    summary.failed,
    summary.unknown,
    summary.open,
  ]);
  const sections = [
    '# All Chains',
    chains.length === 0 ? 'There are no chains.' : markdownTable(heads, rows),
    ...unreadable.map(({ chain, problem }) => `Chain ${chain} cannot be read: ${problem}`),
    ...chains.map((report) => renderMarkdown(report).trimEnd()),
  ];
  return `${sections.join('\n\n')}\n`;
}
