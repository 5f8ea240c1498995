import { AfterokError } from '../errors.js';

/** A command: takes its arguments, prints to stdout and returns the exit code. */
export type Main = (argv: string[]) => Promise<number>;

/**
 * Runs a command as this process: the one place that turns errors into messages and exit codes.
 * A reader that closes the pipe early (`| head`) is no error.
 */
export async function runMain(name: string, main: Main, argv = process.argv.slice(2)): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    if (process.env.AFTEROK_LOCAL === '1') (await import('./local.js')).useLocalScheduler(process.env);
    process.exitCode = await main(argv);
  } catch (error) {
    const known = await asAfterokError(error);
    if (known === null) throw error;
    process.exitCode = known.exitCode;
    report(name, known, argv);
  }
}

/** Errors that a person can act on; null for a defect of ours, which keeps its stack trace. */
async function asAfterokError(error: unknown): Promise<AfterokError | null> {
  if (error instanceof AfterokError) return error;
  const { SlurmCommandError } = await import('../slurm/command-error.js');
  if (!(error instanceof SlurmCommandError)) return null;
  if (error.kind === 'missing') {
    return new AfterokError(
      'slurm-missing',
      `${error.program} is not on PATH`,
      "load your site's Slurm module, or use this machine alone: --local (AFTEROK_LOCAL=1)",
      { cause: error },
    );
  }
  return new AfterokError('slurm-failed', error.message, null, { cause: error });
}

function report(name: string, error: AfterokError, argv: readonly string[]): void {
  process.stderr.write(`${name}: error: ${error.message}${error.hint === null ? '' : ` (${error.hint})`}\n`);
  if (argv.includes('--debug')) console.error(error);
  if (wantsJson(argv)) {
    const { code, message, hint } = error;
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  }
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) =>
      /^(-f|--format=)json$/.test(word) || (/^(-f|--format)$/.test(word) && argv[at + 1] === 'json'),
  );
}
