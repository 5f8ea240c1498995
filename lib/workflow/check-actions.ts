import type { Path } from '../positioned-text.js';
import type { KnownNames } from './known-names.js';
import type { WorkflowAction } from './model.js';
import type { Problems } from './problems.js';
import type { ActionSpec } from './spec.js';

/** Resolves the jobs of an action, and notes what it lacks. */
export function connectAction(
  action: ActionSpec,
  place: number,
  known: { jobs: KnownNames; schedulers: KnownNames },
  problems: Problems,
): WorkflowAction {
  const { jobs: names, job_name_regexes: patterns, ...rest } = action;
  const path = ['actions', place];
  const label = `Action #${place + 1} (${action.action_type})`;
  checkFields(action, path, label, known.schedulers, problems);
  if (names === undefined && patterns === undefined) return { ...rest, jobs: null };
  const jobs = new Set<string>();
  for (const name of names ?? []) {
    known.jobs.check(name, [...path, 'jobs'], `${label} references`);
    jobs.add(name);
  }
  const at = [...path, 'job_name_regexes'];
  for (const pattern of patterns ?? []) {
    for (const name of known.jobs.matching(pattern, at, `${label}: `) ?? []) jobs.add(name);
  }
  if (jobs.size === 0) problems.add(path, `${label}: Action did not match any jobs`);
  return { ...rest, jobs: [...jobs] };
}

/** What each kind of action cannot do without. */
const REQUIRED = {
  run_commands: ['commands'],
  schedule_nodes: ['scheduler_type', 'scheduler'],
} as const;

function checkFields(
  action: ActionSpec,
  path: Path,
  label: string,
  schedulers: KnownNames,
  problems: Problems,
): void {
  for (const key of REQUIRED[action.action_type]) {
    if (action[key] === undefined) {
      problems.add(path, `${label}: ${action.action_type} action requires ${key}`);
    }
  }
  const { scheduler, scheduler_type: type } = action;
  if (action.action_type !== 'schedule_nodes' || type !== 'slurm' || scheduler === undefined) return;
  if (schedulers.all.length === 0) {
    problems.add(path, `${label}: schedule_nodes action requires slurm_schedulers to be defined`);
    return;
  }
  schedulers.check(scheduler, [...path, 'scheduler'], `${label} references`);
}
