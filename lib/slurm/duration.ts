import { FormatError } from '../format-error.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const EXPECTED =
  'minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes, days-hours:minutes:seconds or UNLIMITED';

/** What sbatch takes for no limit (`-1` too, in sbatch 22.05). */
const UNLIMITED = /^(?:unlimited|infinite|-1)$/i;

/** Days, the clock fields behind them, and the fraction that sacct adds to CPU times: `01:26.123`. */
const CLOCK = /^(?:(\d{1,10})-)?(\d{1,10})(?::(\d{1,10})(?::(\d{1,10}))?)?(\.\d+)?$/;

/**
 * Seconds in any spelling that sbatch, squeue, sinfo and sacct use; Infinity for no limit. A bare number, also one
 * from YAML, is minutes, as in `--time=90`. Fields may overflow as in sbatch: `0:90` is 90 seconds.
 *
 * @throws FormatError for other words, among them squeue's INVALID and Partition_Limit
 */
export function parseDuration(value: string | number): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  const text = String(value);
  if (UNLIMITED.test(text)) return Number.POSITIVE_INFINITY;
  const match = CLOCK.exec(text);
  if (match === null) throw new FormatError('time', text, EXPECTED);
  const [, days, first, second, third, fraction] = match;
  // A fraction stands behind seconds only: 1.5 is neither minutes nor hours to sbatch.
  if (fraction !== undefined && (days === undefined ? second : third) === undefined) {
    throw new FormatError('time', text, EXPECTED);
  }
  const rest = Number(fraction ?? 0);
  const fields = [first, second, third].map((field) => Number(field ?? 0)) as [number, number, number];
  if (days !== undefined) return Number(days) * DAY + clock(fields) + rest;
  if (third !== undefined) return clock(fields) + rest;
  return fields[0] * MINUTE + fields[1] + rest;
}

function clock([hours, minutes, seconds]: [number, number, number]): number {
  return hours * HOUR + minutes * MINUTE + seconds;
}

/**
 * The limit that sbatch makes of a `--time`, in seconds: rounded up to minutes (`0:61` becomes two), and none at all
 * for 0.
 */
export function parseTimeLimit(value: string | number): number {
  const seconds = parseDuration(value);
  return seconds === 0 ? Number.POSITIVE_INFINITY : Math.ceil(seconds / MINUTE) * MINUTE;
}

/**
 * `[D-]HH:MM:SS`, as squeue's `%l` and sacct print a limit, or `UNLIMITED`. Fractions of a second round up.
 *
 * @throws FormatError for a negative number and NaN
 */
export function formatDuration(seconds: number): string {
  if (seconds === Number.POSITIVE_INFINITY) return 'UNLIMITED';
  if (!(seconds >= 0)) throw new FormatError('number of seconds', String(seconds), '0 or more');
  const whole = Math.ceil(seconds);
  const days = Math.floor(whole / DAY);
  const hours = Math.floor((whole % DAY) / HOUR);
  const fields = [hours, Math.floor((whole % HOUR) / MINUTE), whole % MINUTE];
  const text = fields.map((field) => String(field).padStart(2, '0')).join(':');
  return days === 0 ? text : `${days}-${text}`;
}
