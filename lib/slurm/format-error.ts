/** Longest part of an offending value that a message repeats; an `--array` string has up to 4,096 characters. */
const SHOWN = 80;

/**
 * Text that is not what Slurm writes or accepts. The only error that the parsers of this folder throw.
 * The message is one line: the value is quoted as JSON, so a line end in it shows as `\n`.
 */
export class FormatError extends Error {
  constructor(
    /** What was being read: `job id`, `time`, `batch script line 3`. */
    readonly what: string,
    readonly value: string,
    /** What would have been right, for a person. */
    readonly expected: string,
  ) {
    const shown = value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
    super(`invalid ${what} ${JSON.stringify(shown)}: expected ${expected}`);
    this.name = 'FormatError';
  }
}

/** One row of a listing, or none for a line that only looks like one: a listing is read past a site's banners. */
export function rowOrNone<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}
