import { resume } from '../../chain/advance.js';
import { CHAIN_STATES } from '../../chain/checkpoint.js';
import { OpenChain } from '../../chain/open-chain.js';
import { AfterokError } from '../../errors.js';
import type { ParsedArguments } from '../parse.js';
import { recordHistory } from '../record-history.js';
import { chainOf } from './tracker.js';

/** Takes up a chain whose handler was lost, whose round was refused, or that asked for a person. */
export async function runResume(args: ParsedArguments): Promise<number> {
  const paths = chainOf(args, 'resume');
  const checkpoint = await OpenChain.with(paths, async (chain) => {
    const { state } = chain.checkpoint;
    if (!CHAIN_STATES[state].resumable) {
      throw new AfterokError(
        'chain-ended',
        `chain ${paths.chain} has ended: ${state}`,
        'there is nothing to resume',
      );
    }
    await resume(chain, process.env);
    return chain.checkpoint;
  });
  await recordHistory(paths, checkpoint);
  const last = checkpoint.events.at(-1);
  console.log(
    `chain ${paths.chain} is ${checkpoint.state}: round ${last?.round} ${last?.kind} ${last?.text}`.trim(),
  );
  return checkpoint.state === 'blocked' || checkpoint.state === 'stopped' ? 1 : 0;
}
