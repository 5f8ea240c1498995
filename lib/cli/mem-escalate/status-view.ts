import type { ChalkInstance } from 'chalk';
import { format } from 'date-fns/format';
import { resourcesName } from '../../chain/level-name.js';
import type { LevelStatus } from '../../chain/level-status.js';
import type { ChainStatus, RoundStatus } from '../../chain/status.js';
import type { TaskCounts } from '../../chain/task-counts.js';
import { formatDuration } from '../../slurm/duration.js';
import type { Display } from '../live-screen.js';
import { failures, retries, warnings } from './endings-view.js';
import { idList, levelsText } from './levels-text.js';
import { limitLines } from './limits-view.js';
import { type Column, compactTable, cut, painter, paintState, plural, printable } from './list-view.js';

/** The status of a chain as text for a person, as wide as `display.columns` at most. */
export function renderStatus(status: ChainStatus, display: Display): string {
  const chalk = painter(display);
  const sections = [
    header(status, display, chalk),
    notices(status, display, chalk),
    [
      `${status.tasks} ${plural('task', status.tasks)}: ${countsText(status.counts, chalk)}`,
      ...waiting(status, display),
      ...limitLines(status, display),
    ],
    levelBars(status, display, chalk),
    [compactTable(roundColumns(status), status.rounds, display)],
    retries(status, display),
    warnings(status, display, chalk),
    failures(status, display, chalk),
    events(status, display, chalk),
  ];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join('\n\n')}\n`;
}

/** The status in one line, for a log. */
export function summaryLine(status: ChainStatus): string {
  const round = status.rounds.at(-1)?.round ?? 0;
  const counts = countsText(status.counts, painter({ colour: false }));
  return `${status.chain} ${status.state} round ${round}: ${counts}`;
}

function header(status: ChainStatus, { columns }: Display, chalk: ChalkInstance): string[] {
  const eta = status.eta === null ? '' : `  this round ends in about ${formatDuration(status.eta)}`;
  const elapsed = formatDuration(status.elapsed);
  const times = `submitted ${stamp(status.created)}, ${status.ended ? `took ${elapsed}` : `${elapsed} ago`}`;
  return [
    `Chain ${chalk.bold(status.chain)}  ${chalk.bold(paintState(status.state, chalk))}${eta}`,
    cut(`script ${printable(status.script.path)}`, columns),
    times,
  ];
}

function stamp(seconds: number): string {
  return format(seconds * 1000, 'yyyy-MM-dd HH:mm:ss');
}

/** What a person has to know or to do. The reason is folded, not cut. */
function notices(status: ChainStatus, { columns }: Display, chalk: ChalkInstance): string[] {
  const lines: string[] = [];
  if (status.reason !== null)
    lines.push(...fold(printable(status.reason), columns).map((line) => chalk.yellow(line)));
  if (status.state === 'STALLED') lines.push(chalk.yellow('nothing of it is left in the queue'));
  if (status.needsResume) lines.push(`to go on: mem-escalate --resume ${status.chain}`);
  if (status.script.changed) {
    lines.push(chalk.yellow('the script has changed or is gone; retries run the copy kept at submission'));
  }
  if (status.note !== null) lines.push(chalk.dim(cut(printable(status.note), columns)));
  return lines;
}

/** Lines of whole words; a word that is too long has a line to itself. */
function fold(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const COUNT_WORDS = {
  completed: 'green',
  running: 'cyan',
  pending: 'white',
  retrying: 'yellow',
  failed: 'red',
  unknown: 'magenta',
} as const satisfies Record<keyof TaskCounts, string>;

/** `12 COMPLETED  9 RUNNING  3 PENDING  40 FAILED` */
function countsText(counts: TaskCounts, chalk: ChalkInstance): string {
  const keys = Object.keys(COUNT_WORDS) as (keyof TaskCounts)[];
  return keys
    .filter((key) => counts[key] > 0)
    .map((key) => chalk[COUNT_WORDS[key]](`${counts[key]} ${key.toUpperCase()}`))
    .join('  ');
}

/** Why pending tasks wait, in Slurm's words. */
function waiting({ live }: ChainStatus, { columns }: Display): string[] {
  const reasons = Object.entries(live?.pendingReasons ?? {}).map(
    ([reason, tasks]) => `${printable(reason)} ${tasks}`,
  );
  return reasons.length === 0 ? [] : [cut(`pending for: ${reasons.join(', ')}`, columns)];
}

/** Parts of a bar from left to right: what is over, what runs, what is still to come. */
const SEGMENTS = [
  { key: 'completed', block: '█', ascii: '#', colour: 'green' },
  { key: 'escalated', block: '▒', ascii: '>', colour: 'yellow' },
  { key: 'retrying', block: '▒', ascii: '>', colour: 'yellow' },
  { key: 'failed', block: '×', ascii: 'x', colour: 'red' },
  { key: 'running', block: '▓', ascii: '=', colour: 'cyan' },
  { key: 'unknown', block: '?', ascii: '?', colour: 'magenta' },
  { key: 'pending', block: '░', ascii: '.', colour: 'dim' },
] as const;

const WIDEST_BAR = 40;
const NARROWEST_BAR = 10;

function levelBars(status: ChainStatus, display: Display, chalk: ChalkInstance): string[] {
  const labels = status.levels.map(levelLabel);
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const notes = status.levels.map(levelNote);
  const noteWidth = Math.max(...notes.map((note) => note.length));
  const width = Math.max(NARROWEST_BAR, Math.min(WIDEST_BAR, display.columns - labelWidth - noteWidth - 4));
  const bars = status.levels.map((level, position) =>
    `${labels[position]?.padEnd(labelWidth)}  ${bar(level, width, display, chalk)}  ${notes[position]}`.trimEnd(),
  );
  return [...bars, chalk.dim(legend(status.levels, display))].filter((line) => line !== '');
}

/** `level 0 devel,day 1G 00:01:00`; of axes `1G 00:01:00 devel,day`: the number of a combination tells nothing. */
function levelLabel(status: LevelStatus): string {
  const partition = status.partition === null ? '' : cut(printable(status.partition), 20);
  const limits = resourcesName(status);
  const parts = status.rungs === null ? [`level ${status.level}`, partition, limits] : [limits, partition];
  return parts.filter(Boolean).join(' ');
}

function levelNote({ tasks, completed }: LevelStatus): string {
  return tasks === 0 ? '' : `${completed}/${tasks}`;
}

function bar(level: LevelStatus, width: number, { unicode }: Display, chalk: ChalkInstance): string {
  if (level.tasks === 0) return ' '.repeat(width);
  const cells = shareCells(
    SEGMENTS.map(({ key }) => level[key]),
    width,
  );
  return SEGMENTS.map(({ block, ascii, colour }, position) => {
    const text = (unicode ? block : ascii).repeat(cells[position] ?? 0);
    return text === '' ? '' : chalk[colour](text);
  }).join('');
}

/** Cells in proportion, by largest remainder; what there is at all gets a cell, taken from the largest. */
function shareCells(amounts: readonly number[], width: number): number[] {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  const exact = amounts.map((amount) => (amount * width) / total);
  const cells = exact.map((share, at) => (amounts[at] === 0 ? 0 : Math.max(1, Math.floor(share))));
  for (let used = cells.reduce((sum, n) => sum + n, 0); used !== width; used += used < width ? 1 : -1) {
    // Too few: the cell goes to the share that is furthest short of its due. Too many: from the one furthest above.
    const missing = exact.map((share, at) => (amounts[at] === 0 ? 0 : share - (cells[at] ?? 0)));
    const at = missing.indexOf(used < width ? Math.max(...missing) : Math.min(...missing));
    cells[at] = (cells[at] ?? 0) + (used < width ? 1 : -1);
  }
  return cells;
}

/** Explains the marks that occur. */
function legend(levels: readonly LevelStatus[], { unicode }: Display): string {
  const present = SEGMENTS.filter(({ key }) => levels.some((level) => level[key] > 0));
  return present.map(({ key, block, ascii }) => `${unicode ? block : ascii} ${key}`).join('  ');
}

const roundColumns = (status: ChainStatus): readonly Column<RoundStatus>[] => [
  { title: 'Round', align: 'right', value: (round) => round.round },
  { title: 'Level', align: 'right', value: ({ levels }) => levelsText(status, levels) },
  { title: 'Job', value: (round) => idList(round.jobs) },
  { title: 'Handler', rank: 2, value: (round) => idList(round.handlers) },
  { title: 'Tasks', align: 'right', value: (round) => round.tasks },
  { title: 'Done', align: 'right', value: doneAttempts },
  { title: 'OOM', align: 'right', value: failedForMemory },
  { title: 'Timeout', align: 'right', value: ({ states }) => states.TIMEOUT ?? 0 },
  { title: 'Other', align: 'right', value: otherEnds },
  { title: 'Again', align: 'right', rank: 1, value: (round) => round.retrying },
  { title: 'Failed', align: 'right', value: (round) => round.failed },
  { title: 'Phase', value: (round) => round.phase },
];

/** A task that ran out of memory and is accepted all the same has ended in a state and is completed too. */
function doneAttempts({ states, completed }: RoundStatus): number {
  return Math.max(states.COMPLETED ?? 0, completed);
}

function failedForMemory(round: RoundStatus): number {
  return (round.states.OUT_OF_MEMORY ?? 0) - (doneAttempts(round) - (round.states.COMPLETED ?? 0));
}

/** Attempts that ended in any other way. */
function otherEnds({ states }: RoundStatus): number {
  const elsewhere = ['COMPLETED', 'OUT_OF_MEMORY', 'TIMEOUT', 'RUNNING', 'PENDING', 'UNKNOWN'];
  return Object.entries(states).reduce((sum, [state, n]) => sum + (elsewhere.includes(state) ? 0 : n), 0);
}

function events({ events: last }: ChainStatus, { columns }: Display, chalk: ChalkInstance): string[] {
  if (last.length === 0) return [];
  const lines = last.map(({ at, round, kind, text }) =>
    cut(
      `  ${format(at * 1000, 'MM-dd HH:mm:ss')}  round ${round} ${kind}  ${printable(text)}`.trimEnd(),
      columns,
    ),
  );
  return [chalk.bold('Last events'), ...lines];
}
