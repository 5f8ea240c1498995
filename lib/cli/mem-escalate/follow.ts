import type { ChainPaths } from '../../chain/paths.js';
import { watchChain } from './watch.js';

/** Exit code of a program that was interrupted at the keyboard. */
const INTERRUPTED = 130;

/**
 * Stays with a chain until it ends. Ctrl-C leaves the chain running.
 *
 * @param options.quiet show nothing while waiting
 * @returns 0 only if every task completed
 */
export async function followChain(
  paths: ChainPaths,
  options: { quiet: boolean; interval: number | null },
): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const status = await watchChain(paths, {
      interval: options.interval ?? 5,
      env: process.env,
      stream: options.quiet ? null : process.stdout,
      signal: interrupt.signal,
      untilEnded: true,
    });
    if (interrupt.signal.aborted) {
      process.stderr.write(
        `chain ${paths.chain} goes on; look again: mem-escalate --status ${paths.chain} --watch\n`,
      );
      return INTERRUPTED;
    }
    return status.state === 'COMPLETED' ? 0 : 1;
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
}
