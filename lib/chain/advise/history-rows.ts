import { AfterokError } from '../../errors.js';
import { nearest } from '../../nearest.js';

/** The names that a column may have, in any case; the first is ours. */
const COLUMNS = {
  index: ['index', 'task', 'array_task_id'],
  jobid: ['jobid'],
  memory: ['memory', 'mem'],
  maxrss: ['maxrss'],
  elapsed: ['elapsed', 'elapsedraw', 'seconds'],
  cpus: ['cpus', 'alloccpus', 'ncpus'],
  state: ['state'],
  reqmem: ['reqmem'],
} as const satisfies Record<string, readonly string[]>;

type Column = keyof typeof COLUMNS;

/** One row of a file of history. */
export interface HistoryRow {
  /** Counted from 1. */
  line: number;
  /** The trimmed value of a column; null when the row has none. */
  text: (column: Column) => string | null;
}

/**
 * The rows of a table: JSON Lines when the first line begins with a brace, otherwise a head line and rows, separated by
 * the first of bar, tab, semicolon or comma that the head line holds.
 *
 * @throws AfterokError for a line that is no row, or a head without what is needed
 */
export function rowsOf(text: string, file: string): HistoryRow[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((content, position) => ({ content, line: position + 1 }))
    .filter(({ content }) => content.trim() !== '');
  const [head, ...rest] = lines;
  if (head === undefined)
    throw new AfterokError('bad-history', `${file}: empty, expected a head line and rows`);
  if (head.content.trimStart().startsWith('{')) return lines.map((each) => jsonRow(each, file));
  const separator = ['|', '\t', ';', ','].find((candidate) => head.content.includes(candidate)) ?? ',';
  const columns = columnsOf(cells(head.content, separator), `${file}:${head.line}`);
  return rest.map(({ content, line }) => {
    const values = cells(content, separator);
    // sacct -p, unlike -P, ends every line with a bar.
    if (values.length < columns.length) {
      const found = `found ${values.length} values, expected ${columns.length}`;
      throw new AfterokError('bad-history', `${file}:${line}: ${found}`);
    }
    return { line, text: reader(new Map(columns.map((column, position) => [column, values[position]]))) };
  });
}

function reader(values: ReadonlyMap<string | null, string | undefined>): HistoryRow['text'] {
  return (column) => values.get(column)?.trim() || null;
}

function columnsOf(names: readonly string[], where: string): (Column | null)[] {
  const columns = names.map((name) => columnOf(name));
  const missing = [
    columns.includes('index') || columns.includes('jobid') ? null : 'index',
    columns.includes('memory') || columns.includes('maxrss') ? null : 'memory',
    columns.includes('elapsed') ? null : 'elapsed',
  ].find((column) => column !== null);
  if (missing === undefined) return columns;
  const odd = names.filter((name) => columnOf(name) === null);
  const guess = odd.length === 0 ? '' : `; is it ${JSON.stringify(nearest(missing, odd))}?`;
  const known = Object.values(COLUMNS).map(([name]) => name);
  throw new AfterokError(
    'bad-history',
    `${where}: no column ${missing}${guess}`,
    `the first line names the columns: ${known.join(', ')}`,
  );
}

function columnOf(name: string): Column | null {
  const plain = name.trim().toLowerCase();
  const found = Object.entries(COLUMNS).find(([, names]) => (names as readonly string[]).includes(plain));
  return found === undefined ? null : (found[0] as Column);
}

/** Values may stand in double quotes, a doubled quote within them for one. */
function cells(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const values: string[] = [];
  let value = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at] ?? '';
    if (quoted && letter === '"' && line[at + 1] === '"') {
      value += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (letter === separator && !quoted) {
      values.push(value);
      value = '';
    } else value += letter;
  }
  return [...values, value];
}

function jsonRow({ content, line }: { content: string; line: number }, file: string): HistoryRow {
  const object = parseObject(content);
  if (object === null) throw new AfterokError('bad-history', `${file}:${line}: no JSON object`);
  const names = Object.keys(object);
  const columns = columnsOf(names, `${file}:${line}`);
  const values = Object.values(object).map((value) => (value === null ? '' : String(value)));
  return { line, text: reader(new Map(columns.map((column, position) => [column, values[position]]))) };
}

function parseObject(text: string): object | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
