import { cancel } from '../../chain/cancel.js';
import { CHAIN_STATES } from '../../chain/checkpoint.js';
import { OpenChain } from '../../chain/open-chain.js';
import { AfterokError } from '../../errors.js';
import type { ParsedArguments } from '../parse.js';
import { recordHistory } from '../record-history.js';
import { chainOf } from './tracker.js';

/** Cancels everything of a chain that is in the queue and ends it. */
export async function runCancel(args: ParsedArguments): Promise<number> {
  const paths = chainOf(args, 'cancel');
  const checkpoint = await OpenChain.with(paths, async (chain) => {
    const { state } = chain.checkpoint;
    if (CHAIN_STATES[state].ended && state !== 'cancelled') {
      throw new AfterokError('chain-ended', `chain ${paths.chain} has ended: ${state}`);
    }
    await cancel(chain, process.env);
    return chain.checkpoint;
  });
  console.log(`chain ${paths.chain} is cancelled`);
  await recordHistory(paths, checkpoint);
  return 0;
}
