import { SlurmCommandError } from '../slurm/command-error.js';
import type { Checkpoint } from './checkpoint.js';
import { liveCounts } from './live-round.js';
import { readCheckpoint } from './open-chain.js';
import type { ChainPaths } from './paths.js';
import { type ChainStatus, chainStatus } from './status.js';

/**
 * Reads a chain's status now. A queue that cannot be read is no error: the status then says so. Before a chain is
 * called stalled it is read again, since its handler may have gone on between the look at the file and at the queue.
 */
export async function currentStatus(
  paths: ChainPaths,
  env: NodeJS.ProcessEnv,
  options: { withAccounting?: boolean } = {},
): Promise<ChainStatus> {
  for (;;) {
    const checkpoint = readCheckpoint(paths);
    const status = await statusOf(checkpoint, paths, env, options);
    if (status.state !== 'STALLED' || readCheckpoint(paths).sequence === checkpoint.sequence) return status;
  }
}

async function statusOf(
  checkpoint: Checkpoint,
  paths: ChainPaths,
  env: NodeJS.ProcessEnv,
  options: { withAccounting?: boolean },
): Promise<ChainStatus> {
  try {
    return chainStatus(checkpoint, await liveCounts(checkpoint, env, { ...options, paths }));
  } catch (error) {
    if (!(error instanceof SlurmCommandError)) throw error;
    return chainStatus(checkpoint, null, { note: `the queue cannot be read: ${error.message}` });
  }
}
