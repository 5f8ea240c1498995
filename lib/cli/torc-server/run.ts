import { announce } from './announce.js';
import { isDaemon, startDaemon } from './daemon.js';
import type { RunOptions } from './run-options.js';

/**
 * Runs the server until SIGTERM or SIGINT, or starts one in the background.
 *
 * @param argv what a process in the background is started with
 * @throws AfterokError when it cannot start
 */
export async function runServer(options: RunOptions, argv: readonly string[]): Promise<number> {
  if (!options.daemon || isDaemon(process.env)) {
    // The process that only starts another one has no use for what a server consists of.
    const { serveUntilTold } = await import('./foreground.js');
    return await serveUntilTold(options);
  }
  if (options.log.folder === null)
    console.error('torc-server: a daemon without --log-dir leaves no log behind');
  const outcome = await startDaemon(argv, process.env);
  if ('exitCode' in outcome) return outcome.exitCode;
  announce(outcome.port);
  return 0;
}
