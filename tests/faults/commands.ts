import { advance, resume } from '../../lib/chain/advance.js';
import { cancel } from '../../lib/chain/cancel.js';
import { OpenChain } from '../../lib/chain/open-chain.js';
import type { ChainPaths } from '../../lib/chain/paths.js';
import type { VirtualProcess } from './virtual-process.js';

/** What a handler job does, as lib/cli/handler.ts has it. */
export async function handle(process: VirtualProcess, paths: ChainPaths): Promise<void> {
  const { env } = process;
  await locked(process, paths, (chain) =>
    advance(chain, { env, self: env.SLURM_JOB_ID ?? null, fresh: false }),
  );
}

/** `mem-escalate --resume`. */
export async function takeUp(process: VirtualProcess, paths: ChainPaths): Promise<void> {
  await locked(process, paths, (chain) => resume(chain, process.env));
}

/** `mem-escalate --cancel`. */
export async function callOff(process: VirtualProcess, paths: ChainPaths): Promise<void> {
  await locked(process, paths, (chain) => cancel(chain, process.env));
}

async function locked(
  process: VirtualProcess,
  paths: ChainPaths,
  work: (chain: OpenChain) => Promise<void>,
): Promise<void> {
  await OpenChain.with(paths, async (chain) => {
    process.lock = `${paths.checkpoint}.lock`;
    try {
      await work(chain);
    } finally {
      if (!process.killed) process.lock = null;
    }
  });
}
