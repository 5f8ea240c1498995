import type { DependencyStatus } from '../../slurm/dependency.js';
import type { JobRow } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import { formatDependencySpec, parseDependencySpec } from './dependency-spec.js';
import { type Dependent, TargetFacts } from './target-facts.js';

/** Whether a job, or one task of an array, may run. `dueAt`: when that changes by itself, null for never. */
export interface DependencyVerdict {
  state: 'free' | 'waiting' | 'never';
  dueAt: number | null;
}

/**
 * What the dependency of a job says now.
 *
 * @param index the task, for aftercorr; null for the job as a whole
 */
export function judge(
  state: PocketState,
  job: Dependent,
  index: number | null,
  now: number,
): DependencyVerdict {
  const spec = parseDependencySpec(job.dependency);
  if (spec === null) return { state: 'free', dueAt: null };
  const facts = new TargetFacts(state, job, now);
  const statuses = spec.conditions.map((condition) => facts.status(condition, index));
  const some = (status: DependencyStatus) => statuses.includes(status);
  const every = (status: DependencyStatus) => statuses.every((one) => one === status);
  const { dueAt } = facts;
  if (spec.join === 'all') {
    if (some('failed')) return { state: 'never', dueAt: null };
    return every('fulfilled') ? { state: 'free', dueAt: null } : { state: 'waiting', dueAt };
  }
  if (some('fulfilled')) return { state: 'free', dueAt: null };
  return every('failed') ? { state: 'never', dueAt: null } : { state: 'waiting', dueAt };
}

/** Whether the tasks of an array depend each on its own partner. */
export function isByTask({ dependency, submission }: Pick<JobRow, 'dependency' | 'submission'>): boolean {
  return submission.array !== null && dependency.includes('aftercorr');
}

/**
 * A dependency as it is kept: without conditions on jobs that the controller does not know now, which count as
 * fulfilled whoever takes their ids later.
 *
 * @returns '' when nothing is left to wait for
 * @throws Refusal
 */
export function settleDependency(state: PocketState, text: string, now: number): string {
  const spec = parseDependencySpec(text);
  if (spec === null) return '';
  const facts = new TargetFacts(
    state,
    { id: 0, name: '', user: '', dependency: text, dependencySetAt: now },
    now,
  );
  const known = spec.conditions.filter((condition) => facts.isKnown(condition));
  if (spec.join === 'any' && known.length < spec.conditions.length) return '';
  return formatDependencySpec({ ...spec, conditions: known });
}

/**
 * As squeue's `%E` and scontrol show it: `afterok:3_*(unfulfilled),after:4+5(failed)`, without what is fulfilled; ''
 * for none.
 *
 * @param index a task that has parted from the pending rest; null otherwise
 */
export function dependencyText(
  state: PocketState,
  job: Dependent,
  index: number | null,
  now: number,
): string {
  const spec = parseDependencySpec(job.dependency);
  if (spec === null) return '';
  const facts = new TargetFacts(state, job, now);
  return spec.conditions
    .map((condition) => ({ condition, status: facts.status(condition, index) }))
    .filter(({ status }) => status !== 'fulfilled')
    .map(({ condition, status }) => `${facts.text(condition)}(${status})`)
    .join(spec.join === 'all' ? ',' : '?');
}
