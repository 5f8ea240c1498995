import type { ChalkInstance } from 'chalk';
import type { FailureCause } from '../../chain/checkpoint.js';
import { describeBudget } from '../../chain/retry-budget.js';
import type { ChainStatus } from '../../chain/status.js';
import { formatExitCode } from '../../slurm/exit-code.js';
import type { Display } from '../live-screen.js';
import { cut, plural } from './list-view.js';

const CAUSES: Readonly<Record<FailureCause, string>> = {
  no_retry: 'not retried by the policy',
  exhausted: 'failed at the highest level',
  retry_limit: 'retried too often',
  retry_duration: 'retried for too long',
  capped: 'beyond a cap of the chain',
  cancelled: 'cancelled',
};

/** Lines of the failure list; a script can fail with as many exit codes as it likes. */
const FAILURES_SHOWN = 12;

/** How often tasks were run again at their level, and what each is allowed. */
export function retries({ retries: rows }: ChainStatus, { columns }: Display): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(({ state, count, budget }) =>
    cut(`  ${count} after ${state}: a task ${describeBudget(budget)}`, columns),
  );
  return ['Run again at the same level', ...lines];
}

/** Tasks that are completed, and that a person should look at. */
export function warnings({ warned }: ChainStatus, { columns }: Display, chalk: ChalkInstance): string[] {
  if (warned.length === 0) return [];
  const total = warned.reduce((sum, { count }) => sum + count, 0);
  const lines = warned.map(({ round, count, tasks }) =>
    cut(`  ${count} OUT_OF_MEMORY, script exit 0 (round ${round}): ${tasks}`, columns),
  );
  return [chalk.yellow(`Completed with a warning: ${total} ${plural('task', total)}`), ...lines];
}

/** Tasks that are not run again, and why. */
export function failures(
  { failures: groups }: ChainStatus,
  { columns }: Display,
  chalk: ChalkInstance,
): string[] {
  if (groups.length === 0) return [];
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  const lines = groups.slice(0, FAILURES_SHOWN).map(({ round, cause, state, exit, count, tasks, budget }) => {
    const why = budget === null ? CAUSES[cause] : `${CAUSES[cause]} (${describeBudget(budget)})`;
    const what = `  ${count} ${state} exit ${formatExitCode(exit)}, ${why} (round ${round}): ${tasks}`;
    return cut(what, columns);
  });
  const rest = groups.length - lines.length;
  const more = rest > 0 ? [`  ... ${rest} more ${plural('group', rest)}`] : [];
  return [chalk.red(`Not run again: ${total} ${plural('task', total)}`), ...lines, ...more];
}
