/** What the letters of `--output=%A_%a.log` stand for. */
export interface PatternNames {
  /** The id under which the controller runs this task. */
  rawId: number;
  /** Null for a single job. */
  array: { job: number; index: number } | null;
  jobName: string;
  user: string;
  /** First node of the run. */
  node: string;
}

/** Slurm's value for %A and %a of a job that is no array: 2^32 - 2. */
const NO_VALUE = 4_294_967_294;

const FIELDS: Readonly<Record<string, (names: PatternNames) => string | number>> = {
  A: ({ rawId, array }) => array?.job ?? rawId,
  a: ({ array }) => array?.index ?? NO_VALUE,
  j: ({ rawId }) => rawId,
  J: ({ rawId }) => rawId,
  N: ({ node }) => node,
  n: () => 0,
  s: () => 'batch',
  t: () => 0,
  u: ({ user }) => user,
  x: ({ jobName }) => jobName,
};

/**
 * The file that a pattern of sbatch's `--output`, `--error` or `--input` names. `%4a` pads numbers with zeros to at
 * most ten digits, `%%` is a percent sign, a backslash switches all of it off, unknown letters stay as they are.
 */
export function expandFilePattern(pattern: string, names: PatternNames): string {
  if (pattern.includes('\\')) return pattern.replaceAll('\\', '');
  return pattern.replace(/%(?:%|(\d*)([a-zA-Z]))/g, (all, width: string | undefined, letter: string) => {
    if (all === '%%') return '%';
    const value = FIELDS[letter]?.(names);
    if (value === undefined) return all;
    return typeof value === 'number' ? String(value).padStart(Math.min(Number(width), 10), '0') : value;
  });
}

/** Where output goes when nothing is said. */
export function defaultOutput(isArray: boolean): string {
  return isArray ? 'slurm-%A_%a.out' : 'slurm-%j.out';
}
