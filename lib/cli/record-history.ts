import type { Checkpoint } from '../chain/checkpoint.js';
import type { ChainPaths } from '../chain/paths.js';

/** Brings the history database up to date, if it can: no chain depends on it, `--rebuild-db` makes up for it. */
export async function recordHistory(paths: ChainPaths, checkpoint: Checkpoint): Promise<void> {
  try {
    const { recordChain } = await import('../chain/history.js');
    await recordChain(paths, checkpoint);
  } catch (error) {
    process.stderr.write(`warning: history not recorded: ${(error as Error).message}\n`);
  }
}
