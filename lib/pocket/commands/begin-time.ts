import { UsageRefusal } from '../refusal.js';

const UNITS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

const HOURS: Readonly<Record<string, number>> = { midnight: 0, noon: 12, fika: 15, teatime: 16 };

/** `now`, `now+60`, `now+2hours`, `now-1days`. */
const RELATIVE = /^now(?:([+-])(\d+)(seconds?|minutes?|hours?|days?|weeks?)?)?$/i;

/** `16:30`, `16:30:15`, `4:30PM`. */
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(AM|PM)?$/i;

/** `2026-11-21`, `2026-11-21T16:30:15`. */
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

/** `0120`, `01/20`, `012030`: month, day, and perhaps the year. */
const SHORT_DATE = /^(\d{2})[/.]?(\d{2})(?:[/.]?(\d{2}))?$/;

/**
 * The time that `--begin` and `--deadline` name, in the spellings of sbatch(1). A time of day that has passed is
 * tomorrow's.
 *
 * @param now seconds since the epoch; as is the answer
 * @returns null for anything else
 */
export function parseBeginTime(text: string, now: number): number | null {
  return (
    relative(text, now) ??
    dated(text) ??
    shortDate(text, now) ??
    timeOfDay(text, now) ??
    named(text.toLowerCase(), now)
  );
}

function relative(text: string, now: number): number | null {
  const match = RELATIVE.exec(text);
  if (match === null) return null;
  const [, sign, amount = '0', unit = 'second'] = match;
  return now + (sign === '-' ? -1 : 1) * Number(amount) * (UNITS[unit.toLowerCase().replace(/s$/, '')] ?? 1);
}

function dated(text: string): number | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return new Date(year, month - 1, day, hour, minute, second).getTime() / 1000;
}

/** Without a year the next day of that date. */
function shortDate(text: string, now: number): number | null {
  const match = SHORT_DATE.exec(text);
  if (match === null) return null;
  const [month = 1, day = 1] = match.slice(1, 3).map(Number);
  const inYear = (year: number) => new Date(year, month - 1, day).getTime() / 1000;
  if (match[3] !== undefined) return inYear(2000 + Number(match[3]));
  const year = new Date(now * 1000).getFullYear();
  return inYear(year) > now ? inYear(year) : inYear(year + 1);
}

function timeOfDay(text: string, now: number): number | null {
  const match = CLOCK.exec(text);
  if (match === null) return null;
  const [, hour = '', minute = '', second = '0', half = ''] = match;
  const offset = half === '' ? Number(hour) : (Number(hour) % 12) + (/pm/i.test(half) ? 12 : 0);
  return next(now, offset, Number(minute), Number(second));
}

function named(word: string, now: number): number | null {
  if (word === 'today') return startOfDay(now, 0);
  if (word === 'tomorrow') return startOfDay(now, 1);
  const hour = HOURS[word];
  return hour === undefined ? null : next(now, hour, 0, 0);
}

function startOfDay(now: number, days: number): number {
  const day = new Date(now * 1000);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime() / 1000;
}

function next(now: number, hour: number, minute: number, second: number): number {
  const day = new Date(now * 1000);
  const at = (days: number) =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hour, minute, second).getTime() / 1000;
  return at(0) > now ? at(0) : at(1);
}

/** @throws UsageRefusal for what names no time */
export function readBeginTime(text: string, now: number): number {
  const time = parseBeginTime(text, now);
  if (time === null) throw new UsageRefusal([`Invalid time specification (pos=0): ${text}`]);
  return time;
}
