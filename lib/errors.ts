/**
 * Every way in which a command of ours ends badly, with its exit code: 2 for wrong usage, 1 for a failed operation, 130
 * for Ctrl-C, as a shell counts it.
 */
export const ERROR_EXIT_CODES = {
  'bad-option': 2,
  'bad-array': 2,
  'bad-script': 2,
  'bad-ladder': 2,
  'bad-cluster': 2,
  'unsatisfiable-level': 2,
  'unknown-chain': 2,
  'bad-history': 2,
  'cyclic-workflow': 1,
  'bad-config': 1,
  'bad-htpasswd': 1,
  'server-unusable': 1,
  'service-failed': 1,
  'too-little-history': 1,
  'bad-spec': 1,
  'slurm-missing': 1,
  'slurm-failed': 1,
  'tracker-unusable': 1,
  'checkpoint-unusable': 1,
  'chain-busy': 1,
  'chain-ended': 1,
  'database-unusable': 1,
  'pocket-unusable': 1,
  'runner-unusable': 1,
  'server-unreachable': 1,
  'server-refused': 1,
  'server-version': 1,
  declined: 1,
  interrupted: 130,
  'not-initializable': 1,
  'file-unusable': 1,
} as const;

export type ErrorCode = keyof typeof ERROR_EXIT_CODES;

/** An error that a person can act on: one line of message, and a hint with the next command where there is one. */
export class AfterokError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AfterokError';
  }

  get exitCode(): number {
    return ERROR_EXIT_CODES[this.code];
  }
}

/** True for an error of the operating system with one of these codes (`ENOENT`, `EACCES`, …). */
export function hasErrno(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
