import type { ParsedArguments } from '../parse.js';
import { trackerOf } from './tracker.js';

/** Makes the history database anew from checkpoints and outcome files. */
export async function runRebuild(args: ParsedArguments): Promise<number> {
  const { rebuildHistory } = await import('../../chain/history.js');
  const { chains, tasks, warnings } = await rebuildHistory(trackerOf(args));
  for (const warning of warnings) process.stderr.write(`mem-escalate: warning: ${warning}\n`);
  console.log(`history rebuilt: ${chains} chains, ${tasks} attempts`);
  return 0;
}
