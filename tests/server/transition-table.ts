import { TRANSITIONS, type Transition } from '../../lib/store/workflows/job-transitions.js';
import { JOB_STATUSES, type JobStatus } from '../../lib/wire/job-status.js';

/** The transitions of jobs as a table in Markdown, as lib/server/README.md has it. */
export function transitionTable(): string {
  const rows = Object.entries(TRANSITIONS).map(
    ([name, { from, to, by, when }]: [string, Transition]) =>
      `| \`${name}\` | ${statuses(from)} | ${statuses(to)} | ${by} | ${when.replaceAll(/\b\w+_\w+\b/g, '`$&`')} |`,
  );
  return ['| transition | from | to | by | when |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** Most states are told by those that are left out. */
function statuses(list: readonly JobStatus[]): string {
  const left = JOB_STATUSES.filter((status) => !list.includes(status));
  return left.length > 2 ? list.join(', ') : `any but ${left.join(', ')}`;
}
