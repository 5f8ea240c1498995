import type { TaskOutcome } from '../../chain/checkpoint.js';
import { currentStatus } from '../../chain/current-status.js';
import { readCheckpoint } from '../../chain/open-chain.js';
import { readOutcomes } from '../../chain/outcomes-file.js';
import type { ChainPaths } from '../../chain/paths.js';
import { taskHistory } from '../../chain/task-history.js';
import { AfterokError } from '../../errors.js';
import { displayOf } from '../live-screen.js';
import type { ParsedArguments } from '../parse.js';
import { followChain } from './follow.js';
import { keptScript } from './kept-text.js';
import { renderStatus } from './status-view.js';
import { renderTask } from './task-view.js';
import { chainOf } from './tracker.js';

/** Shows how a chain, or one of its tasks, stands; with --watch until it ends. */
export async function runStatus(args: ParsedArguments): Promise<number> {
  const paths = chainOf(args, 'status');
  const json = args.text('format') === 'json';
  if (args.has('task')) return showTask(args, paths, json);
  if (args.has('watch')) {
    await followChain(paths, { quiet: false, interval: watchInterval(args) });
    return 0;
  }
  const status = await currentStatus(paths, process.env, { withAccounting: true });
  process.stdout.write(
    json ? `${JSON.stringify(status)}\n` : renderStatus(status, displayOf(process.stdout, process.env)),
  );
  return 0;
}

function watchInterval(args: ParsedArguments): number | null {
  return args.text('watch') === '' ? null : args.integer('watch', 1);
}

function showTask(args: ParsedArguments, paths: ChainPaths, json: boolean): number {
  const checkpoint = readCheckpoint(paths);
  const index = args.integer('task', 0) ?? 0;
  const history = taskHistory(checkpoint, outcomesOf(paths), index, keptScript(paths, checkpoint));
  if (history.attempts.length === 0) {
    throw new AfterokError(
      'bad-option',
      `--task ${index}: the tasks of chain ${paths.chain} are ${checkpoint.request.array ?? 0}`,
    );
  }
  process.stdout.write(
    json ? `${JSON.stringify(history)}\n` : renderTask(history, displayOf(process.stdout, process.env)),
  );
  return 0;
}

export function outcomesOf(paths: ChainPaths): (round: number) => TaskOutcome[] {
  return (round) => readOutcomes(paths.outcomes(round));
}
