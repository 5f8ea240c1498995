import { FormatError } from '../format-error.js';

/** More than any cluster has: bounds what a mistyped range makes. */
const MAX_HOSTS = 100_000;

const EXPECTED = 'node names such as d1, d[1-10] or d[1-3,5],n1';

/** One element of a host list: what stands before a bracket, the bracket, and what stands behind it. */
const ELEMENT = /^([\w.-]+)(?:\[([\d,-]+)\])?([\w.-]*)$/;

/**
 * The names in a host list (`d[1-3,05-07],n1`), in its order. Leading zeros are kept: `n[08-10]` is n08, n09, n10.
 *
 * @returns none for the empty string
 * @throws FormatError
 */
export function parseHostList(text: string): string[] {
  if (text === '') return [];
  const names = text.split(/,(?![^[]*\])/).flatMap((element) => expandElement(element, text));
  if (names.length > MAX_HOSTS) throw new FormatError('host list', text, `at most ${MAX_HOSTS} nodes`);
  return names;
}

function expandElement(element: string, text: string): string[] {
  const match = ELEMENT.exec(element);
  if (match === null) throw new FormatError('host list', text, EXPECTED);
  const [, prefix = '', ranges, suffix = ''] = match;
  if (ranges === undefined) return [prefix + suffix];
  return ranges
    .split(',')
    .flatMap((range) => expandRange(range, text).map((number) => prefix + number + suffix));
}

function expandRange(range: string, text: string): string[] {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range);
  if (match === null) throw new FormatError('host list', text, EXPECTED);
  const [, first = '', last = first] = match;
  const size = Number(last) - Number(first) + 1;
  if (size < 1 || size > MAX_HOSTS) throw new FormatError('host list', text, EXPECTED);
  return Array.from({ length: size }, (_, offset) =>
    String(Number(first) + offset).padStart(first.length, '0'),
  );
}

/** As Slurm prints a set of nodes: sorted, numbers at the end of names folded into ranges: `d[1-3,5],n1`. */
export function formatHostList(names: Iterable<string>): string {
  const groups = new Map<string, { prefix: string; digits: string[] }>();
  for (const name of new Set(names)) {
    const [, prefix = '', digits = ''] = /^(.*?)(\d*)$/.exec(name) ?? [];
    // Numbers with leading zeros fold only with those of the same length, names without a number with none.
    const key = `${prefix} ${digits === '' || digits.startsWith('0') ? digits.length : 'plain'}`;
    const group = groups.get(key) ?? { prefix, digits: [] };
    group.digits.push(digits);
    groups.set(key, group);
  }
  return [...groups.values()]
    .toSorted((a, b) => (a.prefix < b.prefix ? -1 : 1))
    .map(formatGroup)
    .join(',');
}

function formatGroup({ prefix, digits }: { prefix: string; digits: string[] }): string {
  const [only, ...others] = digits;
  if (only !== undefined && others.length === 0) return prefix + only;
  const ranges: { first: string; last: string }[] = [];
  for (const number of digits.toSorted((a, b) => Number(a) - Number(b))) {
    const open = ranges.at(-1);
    if (open !== undefined && Number(number) === Number(open.last) + 1) open.last = number;
    else ranges.push({ first: number, last: number });
  }
  const text = ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`));
  return `${prefix}[${text.join(',')}]`;
}
