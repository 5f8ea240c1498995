/** What is known of a Slurm command that failed. */
export interface CommandFailure {
  argv: readonly string[];
  exitCode: number;
  stderr: string;
  /** Seconds it ran. */
  duration: number;
  timedOut: boolean;
}

/**
 * What a failure means for the caller:
 * - `missing`: the program is not on PATH;
 * - `unreachable`: controller, database or munge did not answer, or not in time; whether the command took effect
 *   is unknown, trying again later is right;
 * - `busy`: Slurm asks to come back (queue full, node of the controller overloaded); nothing took effect;
 * - `refused`: the request is wrong for this cluster; trying the same again is useless.
 */
export type FailureKind = 'missing' | 'unreachable' | 'busy' | 'refused';

/** Messages of Slurm 22.05 to 24.x, in the order in which they are tried (measured, and src/common/slurm_errno.c). */
const PATTERNS: readonly (readonly [RegExp, FailureKind])[] = [
  [/temporarily unable to accept job|Resource temporarily unavailable|try again later/i, 'busy'],
  [
    /Unable to contact slurm controller|Socket timed out|Connection (refused|reset|timed out)/i,
    'unreachable',
  ],
  [/authentication error|Munge (en|de)code failed|credential/i, 'unreachable'],
  [/Problem talking to the database|persist(ent)?[ _]conn|Zero Bytes were transmitted/i, 'unreachable'],
  [/in standby mode|Transport endpoint|Unexpected message received|Insane message length/i, 'unreachable'],
];

function kindOf(failure: CommandFailure): FailureKind {
  if (failure.exitCode === 127) return 'missing';
  if (failure.timedOut) return 'unreachable';
  return PATTERNS.find(([pattern]) => pattern.test(failure.stderr))?.[1] ?? 'refused';
}

/** The line of stderr that says why: sbatch prints warnings and site messages around it. */
function reasonOf(failure: CommandFailure): string {
  if (failure.timedOut) return `no answer within ${Math.round(failure.duration)} s`;
  const lines = failure.stderr.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => /error|failed|fatal|invalid|unrecognized/i.test(line));
  const line = errors.at(-1) ?? lines.findLast((text) => text !== '') ?? `exit code ${failure.exitCode}`;
  return line.replace(/^\w+: (error|fatal): /, '');
}

/** A Slurm command that did not succeed. */
export class SlurmCommandError extends Error {
  readonly kind: FailureKind;
  readonly program: string;
  /** Slurm's own words, one line. */
  readonly reason: string;

  constructor(readonly failure: CommandFailure) {
    const program = failure.argv[0] ?? 'slurm';
    const kind = kindOf(failure);
    const reason = kind === 'missing' ? 'not found on PATH' : reasonOf(failure);
    super(`${program}: ${reason}`, { cause: failure });
    this.name = 'SlurmCommandError';
    this.program = program;
    this.kind = kind;
    this.reason = reason;
  }

  /** True when the same call may succeed later without anyone changing anything. */
  get transient(): boolean {
    return this.kind === 'unreachable' || this.kind === 'busy';
  }
}
