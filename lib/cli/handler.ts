import { advance } from '../chain/advance.js';
import type { Checkpoint } from '../chain/checkpoint.js';
import { chainOfCheckpoint, OpenChain } from '../chain/open-chain.js';
import { AfterokError } from '../errors.js';
import { recordHistory } from './record-history.js';

/**
 * What a handler job does, whichever dependency started it: takes its chain one step on, by evidence. That the
 * dependency fired proves nothing (one on a job that Slurm has forgotten fires at once).
 *
 * @param argv the path of the chain's checkpoint
 */
export async function runHandler(argv: string[]): Promise<number> {
  const [checkpoint] = argv;
  if (checkpoint === undefined) throw new AfterokError('bad-option', 'expected the path of a checkpoint');
  const paths = chainOfCheckpoint(checkpoint);
  const after = await OpenChain.with(paths, async (chain) => {
    const known = chain.checkpoint.events.length;
    await advance(chain, { env: process.env, self: process.env.SLURM_JOB_ID ?? null, fresh: false });
    printNews(chain.checkpoint, known);
    return chain.checkpoint;
  });
  await recordHistory(paths, after);
  return 0;
}

/** The handler's own log is a job output file in the chain's folder. */
function printNews(checkpoint: Checkpoint, known: number): void {
  for (const { round, kind, text } of checkpoint.events.slice(known))
    console.log(`round ${round} ${kind}: ${text}`);
  console.log(`chain ${checkpoint.chain}: ${checkpoint.state}`);
}
