import { format } from 'date-fns/format';
import type { TaskAttempt, TaskHistory } from '../../chain/task-history.js';
import { formatDuration } from '../../slurm/duration.js';
import { formatExitCode } from '../../slurm/exit-code.js';
import type { Display } from '../live-screen.js';
import { type Column, compactTable, painter, printable } from './list-view.js';

const MEGABYTE = 2 ** 20;

const UNKNOWN = '-';

const COLUMNS: readonly Column<TaskAttempt>[] = [
  { title: 'Round', align: 'right', value: (attempt) => attempt.round },
  { title: 'Level', align: 'right', value: ({ level, rung }) => rung ?? level },
  { title: 'Job', value: (attempt) => attempt.job ?? UNKNOWN },
  { title: 'State', value: (attempt) => attempt.state ?? UNKNOWN },
  { title: 'Exit', value: ({ exit }) => (exit === null ? UNKNOWN : formatExitCode(exit)) },
  { title: 'Node', rank: 1, value: (attempt) => attempt.node ?? UNKNOWN },
  { title: 'Started', rank: 3, value: ({ start }) => (start === null ? UNKNOWN : clock(start)) },
  {
    title: 'Elapsed',
    align: 'right',
    value: ({ elapsed }) => (elapsed === null ? UNKNOWN : formatDuration(elapsed)),
  },
  {
    title: 'MaxRSS',
    align: 'right',
    rank: 2,
    value: ({ maxRss }) => (maxRss === null ? UNKNOWN : `${Math.ceil(maxRss / MEGABYTE)}M`),
  },
  { title: 'Then', value: (attempt) => attempt.decided ?? UNKNOWN },
];

function clock(seconds: number): string {
  return format(seconds * 1000, 'yyyy-MM-dd HH:mm:ss');
}

/** Every attempt of a task, and where each wrote its output. */
export function renderTask({ chain, index, attempts }: TaskHistory, display: Display): string {
  const chalk = painter(display);
  const title = `${chalk.bold(`Task ${index}`)} of chain ${chain}`;
  if (attempts.length === 0) return `${title}: there is no such task\n`;
  const outputs = attempts.map(({ round, output }) => `  round ${round}  ${outputText(output)}`);
  return [title, '', compactTable(COLUMNS, attempts, display), '', 'Output:', ...outputs, ''].join('\n');
}

/** Paths are not cut: they are there to be copied. */
function outputText(output: string | null): string {
  return output === null ? UNKNOWN : printable(output);
}
