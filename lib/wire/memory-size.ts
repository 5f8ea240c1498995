import { FormatError } from '../format-error.js';

/** Powers of 1024, whatever their letters say. */
const UNIT_BYTES = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 } as const;

type Unit = keyof typeof UNIT_BYTES;

const EXPECTED = 'a whole number with an optional unit of k, m, g or t, such as 512m or 2g';

const SIZE = /^(\d+)([kmgt])?$/i;

/**
 * Bytes of a `memory` of the API and of specifications: `512m`, `2g`. A bare number is bytes, unlike in Slurm's
 * options, where it is megabytes.
 *
 * @throws FormatError for anything else: signs, decimals, units of two letters, 8192 TiB and more
 */
export function parseMemorySize(text: string): number {
  const match = SIZE.exec(text);
  if (match === null) throw new FormatError('memory size', text, EXPECTED);
  const unit = match[2]?.toLowerCase() as Unit | undefined;
  const bytes = Number(match[1]) * (unit === undefined ? 1 : UNIT_BYTES[unit]);
  if (!Number.isSafeInteger(bytes)) throw new FormatError('memory size', text, 'less than 8192t');
  return bytes;
}
