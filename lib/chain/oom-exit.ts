import type { TaskOutcome } from './checkpoint.js';

/**
 * What a task counts as that Slurm calls OUT_OF_MEMORY though its script exited with 0: `retry` escalates, `warn` is
 * completed and listed, `accept` is completed.
 */
export type OomExit0 = 'retry' | 'warn' | 'accept';

/**
 * Whether the script itself is known to have ended well after something in it was killed for memory. Slurm cannot
 * tell: `0:125` stands in sacct (job and batch row), in scontrol and in the database whether the script exited with 0,
 * 3 or 137, and DerivedExitCode is `0:0` each time (22.05). Without other evidence the answer is no.
 */
export function survivedOom({ state, scriptExit }: Pick<TaskOutcome, 'state' | 'scriptExit'>): boolean {
  return state === 'OUT_OF_MEMORY' && scriptExit !== null && scriptExit.code === 0 && scriptExit.signal === 0;
}
