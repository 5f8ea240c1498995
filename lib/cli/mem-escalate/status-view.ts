import type { ChalkInstance } from 'chalk';
import { format } from 'date-fns/format';
import type { FailureCause } from '../../chain/checkpoint.js';
import type { LevelStatus } from '../../chain/level-status.js';
import type { ChainStatus, RoundStatus } from '../../chain/status.js';
import type { TaskCounts } from '../../chain/task-counts.js';
import { formatDuration } from '../../slurm/duration.js';
import { formatExitCode } from '../../slurm/exit-code.js';
import { formatMemory } from '../../slurm/memory-size.js';
import type { Display } from '../live-screen.js';
import { limitLines } from './limits-view.js';
import { type Column, compactTable, cut, painter, paintState, printable } from './list-view.js';

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
    [compactTable(ROUND_COLUMNS, status.rounds, display)],
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

function plural(word: string, amount: number): string {
  return amount === 1 ? word : `${word}s`;
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

function levelLabel({ level, partition, mem, time }: LevelStatus): string {
  const limits = [
    partition === null ? '' : cut(printable(partition), 20),
    mem === null ? '' : mem === 0 ? 'all memory' : formatMemory(mem),
    time === null ? '' : time === 'UNLIMITED' ? time : formatDuration(time),
  ];
  return ['level', level, ...limits.filter(Boolean)].join(' ');
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

const ROUND_COLUMNS: readonly Column<RoundStatus>[] = [
  { title: 'Round', align: 'right', value: (round) => round.round },
  { title: 'Level', align: 'right', value: (round) => round.levels.join(',') },
  { title: 'Job', value: (round) => idList(round.jobs) },
  { title: 'Handler', rank: 2, value: (round) => idList(round.handlers) },
  { title: 'Tasks', align: 'right', value: (round) => round.tasks },
  { title: 'Done', align: 'right', value: ({ states }) => states.COMPLETED ?? 0 },
  { title: 'OOM', align: 'right', value: ({ states }) => states.OUT_OF_MEMORY ?? 0 },
  { title: 'Timeout', align: 'right', value: ({ states }) => states.TIMEOUT ?? 0 },
  { title: 'Other', align: 'right', value: otherEnds },
  { title: 'Again', align: 'right', rank: 1, value: (round) => round.retrying },
  { title: 'Failed', align: 'right', value: (round) => round.failed },
  { title: 'Phase', value: (round) => round.phase },
];

function idList([first = '-', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} +${more.length}`;
}

/** Attempts that ended in any other way. */
function otherEnds({ states }: RoundStatus): number {
  const elsewhere = ['COMPLETED', 'OUT_OF_MEMORY', 'TIMEOUT', 'RUNNING', 'PENDING', 'UNKNOWN'];
  return Object.entries(states).reduce((sum, [state, n]) => sum + (elsewhere.includes(state) ? 0 : n), 0);
}

const CAUSES: Readonly<Record<FailureCause, string>> = {
  no_retry: 'not retried by the policy',
  exhausted: 'failed at the highest level',
  retry_limit: 'retried too often',
  capped: 'beyond a cap of the chain',
  cancelled: 'cancelled',
};

/** Lines of the failure list; a script can fail with as many exit codes as it likes. */
const FAILURES_SHOWN = 12;

function failures({ failures: groups }: ChainStatus, { columns }: Display, chalk: ChalkInstance): string[] {
  if (groups.length === 0) return [];
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  const lines = groups.slice(0, FAILURES_SHOWN).map(({ round, cause, state, exit, count, tasks }) => {
    const what = `  ${count} ${state} exit ${formatExitCode(exit)}, ${CAUSES[cause]} (round ${round}): ${tasks}`;
    return cut(what, columns);
  });
  const rest = groups.length - lines.length;
  const more = rest > 0 ? [`  ... ${rest} more ${plural('group', rest)}`] : [];
  return [chalk.red(`Not run again: ${total} ${plural('task', total)}`), ...lines, ...more];
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
