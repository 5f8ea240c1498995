import { parseDecimal } from './decimal.js';

/** One value of a parameter. Which kind it is decides how it is written into names and commands. */
export type ParameterValue =
  | { is: 'integer'; value: bigint }
  | { is: 'float'; value: number }
  | { is: 'text'; value: string };

const INTEGER = /^[+-]?\d{1,400}$/;

/** What a word is: an integer, else a number, else text. Quotes make text of numbers. */
export function readValue(word: string): ParameterValue {
  if (INTEGER.test(word)) return { is: 'integer', value: BigInt(word.replace(/^\+/, '')) };
  const number = parseDecimal(word) === null ? Number.NaN : Number(word);
  return Number.isFinite(number) ? { is: 'float', value: number } : { is: 'text', value: unquoted(word) };
}

function unquoted(word: string): string {
  const match = /^(['"])(.*)\1$/s.exec(word);
  return match?.[2] ?? word;
}

const PADDED = /^0(\d{1,2})d?$/;
const FIXED = /^\.(\d{1,2})f$/;
const EXPONENT = /^\.(\d{1,2})e$/;

/**
 * Writes a value as `{p}` or `{p:FORMAT}` says: `03d` pads integers with zeros, `.4f` gives decimals, `.2e` a power of
 * ten. A format that does not suit the value changes nothing.
 */
export function writeValue(value: ParameterValue, format: string): string {
  if (value.is === 'text') return value.value;
  const width = PADDED.exec(format)?.[1];
  if (width !== undefined && value.is === 'integer') return padded(value.value, Number(width));
  const decimals = FIXED.exec(format)?.[1];
  if (decimals !== undefined) return fixed(Number(value.value), Number(decimals));
  const digits = EXPONENT.exec(format)?.[1];
  if (digits !== undefined) return exponential(Number(value.value), Number(digits));
  return value.is === 'integer' ? String(value.value) : plain(value.value);
}

/** The sign counts: -5 in three places is -05. */
function padded(value: bigint, width: number): string {
  const sign = value < 0n ? '-' : '';
  return sign + String(value < 0n ? -value : value).padStart(width - sign.length, '0');
}

/** With so many decimals; halves go to the even neighbour (2.5 to 2), where toFixed always goes up. */
function fixed(value: number, decimals: number): string {
  if (Math.abs(value) >= 1e21) return plain(value) + (decimals === 0 ? '' : `.${'0'.repeat(decimals)}`);
  const rounded = value.toFixed(decimals);
  if (!isHalf(value, decimals)) return rounded;
  const last = Number(rounded.at(-1));
  if (last % 2 === 0) return rounded;
  // toFixed went away from zero to an odd digit: the even one is one less, which never borrows.
  return rounded.slice(0, -1) + String(last - 1);
}

/** Whether the number lies exactly between two of so many decimals. */
function isHalf(value: number, decimals: number): boolean {
  const digits = Math.abs(value).toFixed(100).split('.')[1] ?? '';
  return /^50*$/.test(digits.slice(decimals));
}

/** Two digits of exponent at least, as printf and Python have it. */
function exponential(value: number, digits: number): string {
  return value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** The shortest text that reads back as the number, never with an exponent: 1e-7 is 0.0000001. */
function plain(value: number): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (match === null) return String(value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const power = Number(exponent);
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${whole}${fraction}`;
  return sign + whole + fraction.padEnd(power, '0');
}
