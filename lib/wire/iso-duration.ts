import { FormatError } from '../format-error.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Of a year of 365.25 days, and of a twelfth of it, as clients and runners of the API have always counted. */
const YEAR = 31_557_600;
const MONTH = 2_629_800;

/** In the order in which they are written. */
const SECONDS = [YEAR, MONTH, 7 * DAY, DAY, HOUR, MINUTE, 1] as const;

const EXPECTED = 'an ISO 8601 duration such as PT30M, PT1H30M, P1DT2H or P2W';

/** At least one field, and one behind a `T`; only seconds have decimals. */
const DURATION =
  /^P(?=\d|T)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?)?$/;

/**
 * Whole seconds of a `runtime` or `time_limit`; parts of a second are cut off. Fields may be larger than a clock's:
 * `PT90M`, `PT48H`.
 *
 * @throws FormatError for anything else, among it small letters, signs and durations beyond 2^53 seconds
 */
export function parseIsoDuration(text: string): number {
  const match = DURATION.exec(text);
  if (match === null) throw new FormatError('duration', text, EXPECTED);
  const seconds = SECONDS.reduce((sum, unit, place) => sum + unit * Number(match[place + 1] ?? 0), 0);
  if (!Number.isSafeInteger(seconds)) throw new FormatError('duration', text, 'less than 2^53 seconds');
  return seconds;
}

/**
 * `PT26H30M`: hours, minutes and seconds, of which those that are 0 are left out; `PT0M` for no time at all. Parts of a
 * second round up: whoever has less time left than that rounds down first.
 *
 * @throws FormatError for a negative number, NaN and Infinity
 */
export function formatIsoDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (!(seconds >= 0 && whole <= Number.MAX_SAFE_INTEGER)) {
    throw new FormatError('number of seconds', String(seconds), '0 or more');
  }
  const fields: [number, string][] = [
    [Math.floor(whole / HOUR), 'H'],
    [Math.floor((whole % HOUR) / MINUTE), 'M'],
    [whole % MINUTE, 'S'],
  ];
  const text = fields.filter(([amount]) => amount > 0).map(([amount, letter]) => `${amount}${letter}`);
  return `PT${text.length === 0 ? '0M' : text.join('')}`;
}
