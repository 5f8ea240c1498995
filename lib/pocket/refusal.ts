/**
 * What the controller refuses, in Slurm's words (slurm_strerror): `Invalid job id specified`. The program that asked
 * puts its own name and what it was about before it.
 */
export class Refusal extends Error {
  override name = 'Refusal';

  /** @param details lines that the program prints before, without its name: `invalid partition specified: nosuch` */
  constructor(
    message: string,
    readonly details: readonly string[] = [],
  ) {
    super(message);
  }
}

/** What a program refuses by itself, before it asks the controller: the lines that it prints, without its name. */
export class UsageRefusal extends Error {
  override name = 'UsageRefusal';

  constructor(
    readonly lines: readonly string[],
    readonly exitCode = 1,
  ) {
    super(lines.join('\n'));
  }
}

/** An option or format that Slurm has and pocket Slurm lacks. */
export function unsupported(what: string): UsageRefusal {
  return new UsageRefusal([`error: pocket Slurm does not support ${what} (see pocket-slurm --help)`]);
}
