import type { RunnerOptions } from '../../lib/runner/options.js';

/** Looks often and waits briefly, so that a round is over in a moment. */
export function runnerOptions(outputDir: string): RunnerOptions {
  return {
    outputDir,
    capacity: { cpus: 3, memoryGib: 1, gpus: 0 },
    pollInterval: 0.2,
    pingInterval: 0.1,
    longestPending: 1,
  };
}
