import { FormatError } from '../slurm/format-error.js';
import { type Decimal, parseDecimal, toNumber, unitsAt } from './decimal.js';
import { type ParameterValue, readValue } from './parameter-value.js';

/** More of one thing than anybody runs: a slip of the pen (1:10000000000) must not fill the memory. */
export const MOST_VALUES = 1_000_000;

/** Significant digits of values on a logarithmic scale, which are rarely round. */
const LOG_DIGITS = 6;

/**
 * The values that a parameter's text stands for, in order: a list `[a,b]`, a range `1:10` or `0:1:0.1` with both ends
 * included, or one value. Ranges are counted in decimals, as they are written: 0.1:1.0:0.1 has 0.3, not
 * 0.30000000000000004.
 *
 * @throws FormatError for a range or list that is none, and for more than MOST_VALUES values
 */
export function parseValues(written: string): ParameterValue[] {
  const text = withoutBraces(written.trim());
  if (text.startsWith('[')) return list(text);
  if (text.includes(':') && !/^(['"]).*\1$/s.test(text)) return range(text);
  return [readValue(text)];
}

/** Whether the text is a range that is read as so many values from one end to the other on a logarithmic scale. */
export function isLogScale(written: string): boolean {
  const [start, end, step, ...rest] = withoutBraces(written.trim())
    .split(':')
    .map((part) => parseDecimal(part.trim()));
  if (!start || !end || !step || rest.length > 0) return false;
  return isLogarithmic(start, end, step);
}

function withoutBraces(text: string): string {
  return /^\{[^,]*\}$/s.test(text) ? text.slice(1, -1).trim() : text;
}

/** An item: in quotes, in which commas are text, or up to the next comma. */
const ITEM = /\s*('[^']*'|"[^"]*"|[^,]*?)\s*(,|$)/y;

function list(text: string): ParameterValue[] {
  if (!text.endsWith(']') || text === '[') throw refused(text, 'a list that ends with "]"');
  const inside = text.slice(1, -1).trim();
  const values: ParameterValue[] = [];
  ITEM.lastIndex = 0;
  while (ITEM.lastIndex < inside.length) {
    const [, item = '', comma] = ITEM.exec(inside) ?? [];
    if (comma === undefined || item === '') throw refused(text, 'a value between any two commas of the list');
    values.push(readValue(item));
    checkCount(BigInt(values.length), text);
  }
  return values;
}

function range(text: string): ParameterValue[] {
  const parts = text.split(':').map((part) => parseDecimal(part.trim()));
  const [start, end, step = { units: 1n, places: 0 }, ...rest] = parts;
  if (!start || !end || !step || rest.length > 0) {
    throw refused(
      text,
      'START:END or START:END:STEP of numbers; text with a colon goes into a list, ["a:b"]',
    );
  }
  if (step.units === 0n) throw refused(text, 'a step other than zero: Step cannot be zero');
  if (isLogarithmic(start, end, step)) return logarithmic(start, end, Number(step.units), text);
  const integers = [start, end, step].every(({ places }) => places === 0) && !/[.eE]/.test(text);
  return counted(start, end, step, text).map((value) =>
    integers ? { is: 'integer', value: value.units } : { is: 'float', value: toNumber(value) },
  );
}

function counted(start: Decimal, end: Decimal, step: Decimal, text: string): Decimal[] {
  const places = Math.max(start.places, end.places, step.places);
  const [from, to, by] = [unitsAt(start, places), unitsAt(end, places), unitsAt(step, places)];
  const steps = (to - from) / by;
  // The division goes towards zero: a range in the wrong direction by less than a step is empty too.
  if (by > 0n ? to < from : to > from) return [];
  checkCount(steps + 1n, text);
  return Array.from({ length: Number(steps) + 1 }, (_, index) => ({
    units: from + BigInt(index) * by,
    places,
  }));
}

/** A whole "step" that is longer than the whole range of fractions is how many values are meant: 0.0001:0.01:10. */
function isLogarithmic(start: Decimal, end: Decimal, step: Decimal): boolean {
  if (step.places > 0 || step.units < 2n || start.units <= 0n) return false;
  if (start.places === 0 && end.places === 0) return false;
  const places = Math.max(start.places, end.places);
  const span = unitsAt(end, places) - unitsAt(start, places);
  return span > 0n && unitsAt(step, places) > span;
}

function logarithmic(start: Decimal, end: Decimal, count: number, text: string): ParameterValue[] {
  checkCount(BigInt(count), text);
  const [from, to] = [toNumber(start), toNumber(end)];
  return Array.from({ length: count }, (_, index) => {
    const between = from * (to / from) ** (index / (count - 1));
    const value = index === count - 1 ? to : Number(between.toPrecision(LOG_DIGITS));
    return { is: 'float', value: index === 0 ? from : value };
  });
}

function checkCount(count: bigint, text: string): void {
  if (count > BigInt(MOST_VALUES)) throw refused(text, `at most ${MOST_VALUES} values`);
}

function refused(text: string, expected: string): FormatError {
  return new FormatError('parameter values', text, expected);
}
