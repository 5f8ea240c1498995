import { writeFileAtomic } from '../../atomic-file.js';
import type { Checkpoint } from '../../chain/checkpoint.js';
import { listChains, readCheckpoint } from '../../chain/open-chain.js';
import { readOutcomes } from '../../chain/outcomes-file.js';
import type { TrackerPaths } from '../../chain/paths.js';
import { AfterokError } from '../../errors.js';
import { allChainsReport, renderAllChains } from '../../report/all-chains.js';
import { renderMarkdown } from '../../report/chain-markdown.js';
import { chainReport } from '../../report/chain-report.js';
import type { ParsedArguments } from '../parse.js';
import { outcomesOf } from './status.js';
import { chainOf, trackerOf } from './tracker.js';

/** Writes the report of one chain or of all, as markdown or JSON, to standard output or a file. */
export async function runReport(args: ParsedArguments): Promise<number> {
  const options = { detailed: args.has('detailed') };
  const report = args.has('all') ? allChains(args, options) : oneChain(args, options);
  const text = args.text('format') === 'json' ? `${JSON.stringify(report.data)}\n` : report.markdown();
  const file = args.text('output');
  if (file === null) process.stdout.write(text);
  else writeReport(file, text);
  return 0;
}

interface Report {
  data: object;
  markdown(): string;
}

function oneChain(args: ParsedArguments, options: { detailed: boolean }): Report {
  if (args.text('report') === '') {
    throw new AfterokError(
      'bad-option',
      '--report needs a chain, or --all',
      'mem-escalate --list shows the chains',
    );
  }
  const paths = chainOf(args, 'report');
  const data = chainReport(readCheckpoint(paths), outcomesOf(paths), options);
  return { data, markdown: () => renderMarkdown(data) };
}

function allChains(args: ParsedArguments, options: { detailed: boolean }): Report {
  const tracker = trackerOf(args);
  const { readable, unreadable } = readAll(tracker);
  const attempts = (chain: string, round: number) => readOutcomes(tracker.chain(chain).outcomes(round));
  const data = allChainsReport(readable, attempts, { ...options, unreadable });
  return { data, markdown: () => renderAllChains(data) };
}

function readAll(tracker: TrackerPaths) {
  const readable: Checkpoint[] = [];
  const unreadable: { chain: string; problem: string }[] = [];
  for (const chain of listChains(tracker)) {
    try {
      readable.push(readCheckpoint(tracker.chain(chain)));
    } catch (error) {
      if (!(error instanceof AfterokError)) throw error;
      unreadable.push({ chain, problem: error.message });
    }
  }
  return { readable, unreadable };
}

function writeReport(file: string, text: string): void {
  try {
    writeFileAtomic(file, text);
  } catch (error) {
    throw new AfterokError('bad-option', `--output ${file}: ${(error as Error).message}`, null, {
      cause: error,
    });
  }
}
