import type { DependencyStatus } from '../../slurm/dependency.js';
import { type JobRow, purgeAge } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import { type Condition, formatDependencySpec, parseDependencySpec } from './dependency-spec.js';

/** A job that waits, as far as its dependency is concerned. */
type Dependent = Pick<JobRow, 'id' | 'name' | 'user' | 'dependency' | 'dependencySetAt'>;

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

/** What a target's tasks are like: whether any waits, runs, or has ended otherwise than well. */
interface Target {
  job: number;
  /** Null for a whole job. */
  task: number | null;
  isArray: boolean;
  pending: boolean;
  running: boolean;
  bad: boolean;
}

/** What conditions look at, each target read once. */
class TargetFacts {
  private readonly targets = new Map<string, Target | null>();
  dueAt: number | null = null;

  constructor(
    private readonly state: PocketState,
    private readonly dependent: Dependent,
    private readonly now: number,
  ) {}

  isKnown(condition: Condition): boolean {
    return condition.kind === 'singleton' || this.target(condition.job, condition.index) !== null;
  }

  status(condition: Condition, index: number | null): DependencyStatus {
    if (condition.kind === 'singleton') return this.singleton();
    const target = this.targetOf(condition, index);
    // A job that the controller does not know, or has forgotten, is no obstacle.
    if (target === null) return 'fulfilled';
    const open = target.pending || target.running;
    switch (condition.kind) {
      case 'after':
        return this.after(target, condition.minutes);
      case 'afterany':
      case 'afterburstbuffer':
        return open ? 'unfulfilled' : 'fulfilled';
      case 'afterok':
      case 'aftercorr':
        if (open) return 'unfulfilled';
        return target.bad ? 'failed' : 'fulfilled';
      case 'afternotok':
        if (open) return 'unfulfilled';
        return target.bad ? 'fulfilled' : 'failed';
      default:
        return condition satisfies never;
    }
  }

  private after(target: Target, minutes: number): DependencyStatus {
    if (target.pending || this.neverBegan(target)) return 'unfulfilled';
    if (minutes === 0) return 'fulfilled';
    const due = this.latestStart(target) + minutes * 60;
    if (due <= this.now) return 'fulfilled';
    this.dueAt = Math.min(this.dueAt ?? due, due);
    return 'unfulfilled';
  }

  /** `after` an array of which tasks were cancelled as a rest waits for ever (measured); a single job fulfils it. */
  private neverBegan({ job, isArray }: Target): boolean {
    const rest = 'SELECT 1 FROM task WHERE job = ? AND raw_id IS NULL AND trace = 1 LIMIT 1';
    return isArray && this.state.sql(rest).get(job) !== undefined;
  }

  /** Of a task that was cancelled before it started: long ago. */
  private latestStart({ job, task }: Target): number {
    const of = task === null ? 'job = ?' : 'id = ?';
    const text = `SELECT max(started_at) AS at FROM task WHERE ${of}`;
    return this.state.sql<{ at: number | null }>(text).get(task ?? job)?.at ?? 0;
  }

  private singleton(): DependencyStatus {
    const { id, name, user } = this.dependent;
    const row = this.state
      .sql(
        `SELECT 1 FROM job JOIN task ON task.job = job.id
         WHERE name = ? AND user = ? AND job.id < ? AND ended_at IS NULL LIMIT 1`,
      )
      .get(name, user, id);
    return row === undefined ? 'fulfilled' : 'unfulfilled';
  }

  /** `afterok:3`, `afterok:3_*` of an array, `afterok:3_1`, `after:3+5`. */
  text(condition: Condition): string {
    if (condition.kind === 'singleton') return condition.kind;
    const { kind, job, index, minutes } = condition;
    const isArray = index === null && this.target(job, null)?.isArray === true;
    const part = index === null ? (isArray ? '_*' : '') : `_${index}`;
    return `${kind}:${job}${part}${minutes === 0 ? '' : `+${minutes}`}`;
  }

  /** Of aftercorr the partner of the task; where there is none, the whole array. */
  private targetOf(
    condition: Exclude<Condition, { kind: 'singleton' }>,
    index: number | null,
  ): Target | null {
    const { kind, job } = condition;
    if (kind === 'aftercorr' && index !== null) return this.target(job, index) ?? this.target(job, null);
    return this.target(job, condition.index);
  }

  private target(job: number, index: number | null): Target | null {
    const key = `${job}_${index}`;
    let target = this.targets.get(key);
    if (target === undefined) {
      target = this.look(job, index);
      this.targets.set(key, target);
    }
    return target;
  }

  private look(job: number, index: number | null): Target | null {
    const { state } = this;
    const ids = state
      .sql<{ task: number | null; job: number; isArray: number }>(
        `SELECT NULL AS task, job, array_index IS NOT NULL AS isArray FROM task WHERE job = @job AND @index IS NULL
         UNION ALL SELECT id, job, 0 FROM task WHERE job = @job AND array_index = @index
         UNION ALL SELECT id, job, 0 FROM task WHERE raw_id = @job AND @index IS NULL LIMIT 1`,
      )
      .get({ job, index });
    if (ids === undefined) return null;
    const { task } = ids;
    const any = (condition: string) => {
      const of = task === null ? 'job = ?' : 'id = ?';
      return (
        state.sql(`SELECT 1 FROM task WHERE ${of} AND ${condition} LIMIT 1`).get(task ?? ids.job) !==
        undefined
      );
    };
    const pending = any("state = 'PENDING'");
    const running = !pending && any("state = 'RUNNING'");
    const open = pending || running;
    if (!open && this.forgotten(ids.job)) return null;
    const bad = !open && any("+state <> 'COMPLETED'");
    return { job: ids.job, task, isArray: ids.isArray === 1, pending, running, bad };
  }

  /** Forgotten before the dependency was set: whoever waited by then keeps what he waited for. */
  private forgotten(job: number): boolean {
    const row = this.state
      .sql<{ open: number; ended: number }>(
        'SELECT count(*) - count(ended_at) AS open, max(ended_at) AS ended FROM task WHERE job = ?',
      )
      .get(job);
    if (row === undefined || row.open > 0) return false;
    return row.ended + purgeAge(this.state) < this.dependent.dependencySetAt;
  }
}
