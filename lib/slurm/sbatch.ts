import { type RunOptions, runSlurm } from './command.js';
import { SlurmCommandError } from './command-error.js';

/** sbatch waits up to 120 s by itself when the queue is full (MaxJobCount) before it gives up. */
const SBATCH_TIMEOUT = 180;

/**
 * Submits a batch script.
 *
 * @param args everything behind `sbatch --parsable`: options, script, script arguments
 * @returns the job id, a decimal number as text
 * @throws SlurmCommandError; when its `kind` is `unreachable` the job may exist all the same
 */
export async function sbatch(args: readonly string[], options: RunOptions): Promise<string> {
  const argv = ['sbatch', '--parsable', ...args] as const;
  const started = Date.now();
  const stdout = await runSlurm(argv, { timeout: SBATCH_TIMEOUT, ...options });
  const id = parseParsable(stdout);
  if (id !== null) return id;
  const duration = (Date.now() - started) / 1000;
  // Exit 0 without an id: a wrapper or banner swallowed it. The job may exist, so this is no refusal.
  throw new SlurmCommandError({
    argv,
    exitCode: 0,
    stderr: `Unexpected message received: ${stdout.trim() || '(nothing)'}`,
    duration,
    timedOut: false,
  });
}

/**
 * Whether the cluster could run this, now or later. sbatch does not check a job that is submitted held: it takes one
 * that excludes every node of its partition, which then pends for ever (BadConstraints).
 *
 * @throws SlurmCommandError when nobody answered
 */
export async function sbatchAdmits(args: readonly string[], options: RunOptions): Promise<boolean> {
  try {
    await runSlurm(['sbatch', '--test-only', ...args], options);
    return true;
  } catch (error) {
    if (error instanceof SlurmCommandError && error.kind === 'refused') return false;
    throw error;
  }
}

/**
 * The job id in what `sbatch --parsable` prints: `105`, or `107;cluster` with -M. Sites print banners around it,
 * so the last line that is exactly an id counts.
 *
 * @returns null when no line is one
 */
export function parseParsable(stdout: string): string | null {
  const ids = stdout.split('\n').flatMap((line) => /^(\d+)(?:;[\w.-]+)?$/.exec(line.trim())?.[1] ?? []);
  return ids.at(-1) ?? null;
}
