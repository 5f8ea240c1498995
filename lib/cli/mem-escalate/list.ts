import { CHAIN_STATES } from '../../chain/checkpoint.js';
import { currentStatus } from '../../chain/current-status.js';
import { listChains, readCheckpoint } from '../../chain/open-chain.js';
import type { TrackerPaths } from '../../chain/paths.js';
import { type ChainStatus, chainStatus } from '../../chain/status.js';
import { AfterokError } from '../../errors.js';
import { displayOf } from '../live-screen.js';
import type { ParsedArguments } from '../parse.js';
import { renderList } from './list-view.js';
import { trackerOf } from './tracker.js';

/** Lists all chains of the tracker; only chains that have not ended are looked up in the queue. */
export async function runList(args: ParsedArguments): Promise<number> {
  const tracker = trackerOf(args);
  const statuses = (await Promise.all(listChains(tracker).map((id) => statusOf(tracker, id)))).flat();
  if (args.text('format') === 'json') console.log(JSON.stringify(statuses));
  else if (statuses.length === 0) console.log(`no chains in ${tracker.checkpoints}`);
  else process.stdout.write(renderList(statuses, displayOf(process.stdout, process.env)));
  return 0;
}

/** One unreadable checkpoint does not hide the others. */
async function statusOf(tracker: TrackerPaths, id: string): Promise<ChainStatus[]> {
  const paths = tracker.chain(id);
  try {
    const checkpoint = readCheckpoint(paths);
    if (CHAIN_STATES[checkpoint.state].ended) return [chainStatus(checkpoint, null)];
    return [await currentStatus(paths, process.env)];
  } catch (error) {
    if (!(error instanceof AfterokError)) throw error;
    process.stderr.write(`mem-escalate: warning: ${error.message}\n`);
    return [];
  }
}
