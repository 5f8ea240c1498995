import { basename } from 'node:path';
import { Chalk, type ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { ChainStatus, DisplayedState } from '../../chain/status.js';
import { formatDuration } from '../../slurm/duration.js';
import type { Display } from '../live-screen.js';
import { levelsText } from './levels-text.js';

/** A column of a table. */
export interface Column<T> {
  title: string;
  value: (row: T) => string | number;
  align?: 'right';
  /** Colours the value; what it prints must not be wider. */
  paint?: (text: string, row: T) => string;
  /** Left out when the table is too wide, the highest first; a column without rank always stays. */
  rank?: number;
}

const GAP = 2;

/** Every frame of cli-table3 off, and a gap between the columns. */
const NO_FRAME = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', left: '', right: '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ mid: '', 'mid-mid': '', 'left-mid': '', 'right-mid': '', middle: ' '.repeat(GAP) },
};

/** Aligned rows under a head, without frames. Columns are left out until it fits into the terminal's. */
export function compactTable<T>(columns: readonly Column<T>[], rows: readonly T[], display: Display): string {
  const shown = fitting(columns, rows, display.columns);
  const chalk = painter(display);
  const table = new Table({
    head: shown.map((column) => chalk.bold(column.title)),
    colAligns: shown.map((column) => column.align ?? 'left'),
    chars: NO_FRAME,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) {
    table.push(shown.map((column) => column.paint?.(cell(column, row), row) ?? cell(column, row)));
  }
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}

function fitting<T>(columns: readonly Column<T>[], rows: readonly T[], width: number): readonly Column<T>[] {
  const widths = columns.map((column) =>
    rows.reduce((widest, row) => Math.max(widest, cell(column, row).length), column.title.length),
  );
  const total = widths.reduce((sum, each) => sum + each + GAP, -GAP);
  const highest = Math.max(...columns.map((column) => column.rank ?? 0));
  if (total <= width || highest === 0) return columns;
  const narrower = columns.filter((column) => column.rank !== highest);
  return fitting(narrower, rows, width);
}

function cell<T>(column: Column<T>, row: T): string {
  return printable(String(column.value(row)));
}

/** Text from elsewhere on one line: file names and words of Slurm may hold control characters. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, '?');
}

/** At most `width` characters; what was cut is marked. */
export function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 4 ? text.slice(0, Math.max(0, width)) : `${text.slice(0, width - 3)}...`;
}

export function plural(word: string, amount: number): string {
  return amount === 1 ? word : `${word}s`;
}

export function painter({ colour }: Pick<Display, 'colour'>): ChalkInstance {
  return new Chalk({ level: colour ? 1 : 0 });
}

/** Good is green, bad is red, what asks for a person is yellow; the rest is as it is. */
export function paintState(state: DisplayedState, chalk: ChalkInstance): string {
  switch (state) {
    case 'COMPLETED':
      return chalk.green(state);
    case 'FAILED':
    case 'EXHAUSTED':
    case 'CAPPED':
    case 'CANCELLED':
      return chalk.red(state);
    case 'STALLED':
    case 'BLOCKED':
    case 'STOPPED':
      return chalk.yellow(state);
    case 'ACTIVE':
    case 'SUBMITTING':
    case 'HELD':
      return chalk.cyan(state);
    default:
      return state satisfies never;
  }
}

const LONGEST_NAME = 40;

/**
 * The table of chains, in the order given; a sentence when there are none. For a reader that is no terminal give
 * `columns: Infinity`, so that nothing is left out.
 *
 * @param now seconds since the epoch
 */
export function renderList(
  statuses: readonly ChainStatus[],
  display: Display,
  now = Date.now() / 1000,
): string {
  if (statuses.length === 0) return 'no chains\n';
  const chalk = painter(display);
  const columns: Column<ChainStatus>[] = [
    { title: 'Chain', value: (status) => status.chain },
    {
      title: 'State',
      value: (status) => status.state,
      paint: (_, status) => paintState(status.state, chalk),
    },
    { title: 'Script', value: (status) => cut(basename(status.script.path), LONGEST_NAME) },
    { title: 'Tasks', align: 'right', value: (status) => status.tasks },
    { title: 'Done', align: 'right', value: (status) => status.counts.completed },
    { title: 'Failed', align: 'right', value: (status) => status.counts.failed },
    { title: 'Level', align: 'right', rank: 2, value: levelsOf },
    { title: 'Elapsed', align: 'right', rank: 3, value: (status) => formatDuration(status.elapsed) },
    { title: 'Updated', align: 'right', rank: 1, value: (status) => age(now - status.updated) },
  ];
  return `${compactTable(columns, statuses, display)}\n`;
}

/** The levels of the last round. */
function levelsOf(status: ChainStatus): string {
  return levelsText(status, status.rounds.at(-1)?.levels ?? []);
}

/** `45s ago`, `3m ago`, `2h ago`, `5d ago` */
function age(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole}s ago`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ago`;
  return whole < 86_400 ? `${Math.floor(whole / 3600)}h ago` : `${Math.floor(whole / 86_400)}d ago`;
}
