import { lazyLibrary } from './lazy-library.js';

const cliTable = lazyLibrary<typeof import('cli-table3')>('cli-table3');

/** A column: its title, and what stands in it for one row; nothing for what is absent. */
export type TableColumn<T> = readonly [
  title: string,
  value: (row: T) => string | number | boolean | null | undefined,
];

/** The frame of Torc's tables. */
const FRAME = {
  ...{ 'top-left': '╭', 'top-right': '╮', 'bottom-left': '╰', 'bottom-right': '╯' },
};

/** A framed table with a line below its head, and a line break at the end. */
export function renderTable<T>(columns: readonly TableColumn<T>[], rows: readonly T[]): string {
  const table = new (cliTable())({
    head: columns.map(([title]) => title),
    chars: FRAME,
    style: { head: [], border: [] },
  });
  for (const row of rows) table.push(columns.map(([, value]) => String(value(row) ?? '')));
  // Lines between rows are all or none in cli-table3; only the one below the head is wanted.
  const lines = table.toString().split('\n');
  const kept = lines.filter((line, at) => !line.startsWith('├') || at === lines.findIndex(isSeparator));
  return `${kept.join('\n')}\n`;
}

function isSeparator(line: string): boolean {
  return line.startsWith('├');
}

/** What is known of one thing, a line each; absent values are left out. */
export function renderRecord(
  title: string,
  fields: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return [title, ...given.map(([name, value]) => `  ${name}: ${value}`), ''].join('\n');
}
