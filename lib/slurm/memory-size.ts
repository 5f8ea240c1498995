import { FormatError } from '../format-error.js';

/** Slurm's units are powers of 1024, whatever their letters say. */
const UNIT_BYTES = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4, P: 1024 ** 5 } as const;

type Unit = keyof typeof UNIT_BYTES;

/** Largest first. P is missing: sacct prints it, but sbatch 22.05 refuses `--mem=1P`. */
const WRITTEN_UNITS = ['T', 'G', 'M', 'K'] as const satisfies Unit[];

/** What `--mem=0` asks for: all the memory of each node. Slurm takes no other 0. */
export const ALL_OF_NODE = 0;

export interface MemorySize {
  bytes: number;
  per: 'node' | 'cpu';
}

const EXPECTED = 'a size such as 512M, 4G or 1536 (megabytes), with a unit of K, M, G or T';

/** Number, unit with an optional B, and the suffix of ReqMem in sacct before 21.08: `4Gc` per core, `4Gn` per node. */
const SIZE = /^(\d{1,15}(?:\.\d{1,6})?)(?:([KMGTP])B?)?([cn])?$/i;

/**
 * A memory request; a bare number is megabytes, as for `--mem`. Decimals (`1.50G`) are for reading what sacct prints:
 * sbatch refuses them, and `1GiB` and `1B`, which are refused here too. sbatch rounds up to whole megabytes.
 *
 * @throws FormatError for anything else, the empty string included
 */
export function parseMemory(value: string | number): MemorySize {
  const text = String(value);
  const match = SIZE.exec(text);
  if (match === null) throw new FormatError('memory size', text, EXPECTED);
  const [, amount, unit = 'M', suffix] = match;
  const bytes = Math.round(Number(amount) * UNIT_BYTES[unit.toUpperCase() as Unit]);
  if (!Number.isSafeInteger(bytes)) throw new FormatError('memory size', text, 'less than 8192T');
  return { bytes, per: suffix?.toLowerCase() === 'c' ? 'cpu' : 'node' };
}

/**
 * The MaxRSS column in bytes, `945312K`. A bare number is bytes: there sacct prints `0` and nothing else.
 *
 * @returns null when it is empty, as on the rows of jobs (only steps have it) and of runs too short to be sampled
 */
export function parseMaxRss(text: string): number | null {
  if (text === '') return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (/[cn]$/i.test(text)) throw new FormatError('memory use', text, EXPECTED);
  return parseMemory(text).bytes;
}

/**
 * The shortest exact spelling that sbatch accepts: `1G`, `1536M`, `945312K`. Bytes beyond a whole K round up.
 *
 * @throws FormatError for a negative number, NaN and Infinity
 */
export function formatMemory(bytes: number): string {
  if (!(bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER)) {
    throw new FormatError('number of bytes', String(bytes), '0 or more');
  }
  const whole = Math.ceil(bytes / UNIT_BYTES.K) * UNIT_BYTES.K;
  if (whole === 0) return '0';
  const unit = WRITTEN_UNITS.find((candidate) => whole % UNIT_BYTES[candidate] === 0) ?? 'K';
  return `${whole / UNIT_BYTES[unit]}${unit}`;
}
