/** Longest part of an offending value that a message repeats; an `--array` string has up to 4,096 characters. */
const SHOWN = 80;

/**
 * Text that is not what its reader accepts: the only error that parsers of single values throw. The message
 * is one line: the value is quoted as JSON, so a line end in it shows as `\n`.
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
