import type { FailureCause } from '../chain/checkpoint.js';
import { describeBudget } from '../chain/retry-budget.js';
import { formatDuration } from '../slurm/duration.js';
import { formatExitCode } from '../slurm/exit-code.js';
import type { FailedTasks } from './failed-tasks.js';
import { LONGEST_TABLE, markdownTable, moreRows } from './markdown-table.js';

/** What is said of so many tasks, for each cause. */
const CAUSE_TEXTS: Readonly<Record<FailureCause, { one: string; many: string }>> = {
  no_retry: {
    one: 'task failed with a code error and was not escalated.',
    many: 'tasks failed with code errors and were not escalated.',
  },
  exhausted: {
    one: 'task failed at the highest level: the ladder is exhausted.',
    many: 'tasks failed at the highest level: the ladder is exhausted.',
  },
  retry_limit: {
    one: 'task failed at its level as often as the retry limit allows.',
    many: 'tasks failed at their level as often as the retry limit allows.',
  },
  capped: {
    one: 'task would have been run again, but the chain has used what it may.',
    many: 'tasks would have been run again, but the chain has used what it may.',
  },
  retry_duration: {
    one: 'task failed at its level again when its time to be retried was over.',
    many: 'tasks failed at their level again when their time to be retried was over.',
  },
  cancelled: {
    one: 'task was cancelled with the chain.',
    many: 'tasks were cancelled with the chain.',
  },
};

/** A count for each cause, then the first tasks with the exit code that sacct printed, `0:9` for a signal. */
export function failedSection({ causes, details, groups }: FailedTasks): string[] {
  const rows = (details ?? [])
    .slice(0, LONGEST_TABLE)
    .map(({ index, state, exit, node, elapsed }) => [
      index,
      state,
      exit.signal === 0 ? exit.code : formatExitCode(exit),
      node ?? '-',
      elapsed === null ? '-' : formatDuration(elapsed),
    ]);
  return [
    '### Failed Tasks (Not Retried)',
    ...causes.map(({ cause, count }) => `**${count}** ${CAUSE_TEXTS[cause][count === 1 ? 'one' : 'many']}`),
    ...budgetLines(groups),
    ...(rows.length === 0
      ? []
      : [
          `**Failed task details (first ${LONGEST_TABLE}):**`,
          markdownTable(['Task ID', 'Status', 'Exit Code', 'Node', 'Elapsed'], rows),
        ]),
    ...moreRows(details?.length ?? 0, 'task', 'tasks'),
  ];
}

/** What was allowed, for each state after which it was used up. */
function budgetLines(groups: FailedTasks['groups']): string[] {
  const lines = groups.flatMap(({ state, budget }) =>
    budget === null ? [] : [`A task is run again after ${state} ${describeBudget(budget)}.`],
  );
  return [...new Set(lines)];
}
