import { formatDuration } from '../slurm/duration.js';
import { ALL_OF_NODE, formatMemory } from '../slurm/memory-size.js';
import { LONGEST_TABLE, markdownTable, moreRows } from './markdown-table.js';
import type { RoundDetails } from './round-details.js';
import type { RoundReport } from './round-report.js';

/** One line a round; `-` for what is not known yet. */
export function roundsTable(rounds: readonly RoundReport[]): string {
  const heads = [
    'Round',
    'Job ID',
    'Handler',
    rounds.some(({ rungs }) => rungs !== null) ? 'Memory and time' : 'Memory',
    'Tasks',
    'Done',
    'OOM',
    'Timeout',
    'Failed',
    'Status',
  ];
  const rows = rounds.map(({ round, jobs, handlers, memory, rungs, tasks, attempts, status }) => [
    round,
    listed(jobs),
    listed(handlers),
    resourcesText(memory, rungs),
    tasks,
    attempts?.completed ?? '-',
    attempts?.outOfMemory ?? '-',
    attempts?.timeout ?? '-',
    attempts?.failed ?? '-',
    status,
  ]);
  return markdownTable(heads, rows);
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? '-' : ids.join(', ');
}

function resourcesText(memory: readonly (number | null)[], rungs: readonly string[] | null): string {
  if (rungs !== null) return rungs.join(', ');
  return memory
    .map((bytes) => {
      if (bytes === null) return 'default';
      return bytes === ALL_OF_NODE ? 'all' : formatMemory(bytes);
    })
    .join(', ');
}

/** The blocks of one round: states, runtime, nodes. */
export function roundSection({ round, memory, rungs, states, runtime, nodes }: RoundDetails): string[] {
  const shown = nodes.slice(0, LONGEST_TABLE);
  return [
    `#### Round ${round}: ${resourcesText(memory, rungs)}`,
    '**Status Distribution:**',
    markdownTable(
      ['Status', 'Count'],
      states.map(({ state, count }) => [state, count]),
    ),
    ...(runtime === null
      ? []
      : [`**Runtime:** min=${formatDuration(runtime.min)}, max=${formatDuration(runtime.max)}`]),
    ...(shown.length === 0
      ? []
      : [
          '**Node Distribution:**',
          markdownTable(
            ['Node', 'Tasks'],
            shown.map(({ node, count }) => [node, count]),
          ),
        ]),
    ...moreRows(nodes.length, 'node', 'nodes'),
  ];
}
