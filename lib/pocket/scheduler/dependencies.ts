import type { DependencyStatus } from '../../slurm/dependency.js';
import { type JobRow, purgeAge } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import { type Condition, type DependencySpec, parseDependencySpec } from './dependency-spec.js';

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
export function isByTask(dependency: string): boolean {
  return dependency.toLowerCase().includes('aftercorr');
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
  const spec: DependencySpec | null = parseDependencySpec(job.dependency);
  if (spec === null) return '';
  const facts = new TargetFacts(state, job, now);
  return spec.conditions
    .map((condition) => ({ condition, status: facts.status(condition, index) }))
    .filter(({ status }) => status !== 'fulfilled')
    .map(({ condition, status }) => `${facts.text(condition)}(${status})`)
    .join(spec.join === 'all' ? ',' : '?');
}

/** How many tasks of a target are where; `startedAt` is the latest start. */
interface Target {
  pending: number;
  running: number;
  bad: number;
  startedAt: number | null;
  isArray: boolean;
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

  status(condition: Condition, index: number | null): DependencyStatus {
    if (condition.kind === 'singleton') return this.singleton();
    const target = this.targetOf(condition, index);
    // A job that the controller does not know, or has forgotten, is no obstacle.
    if (target === null) return 'fulfilled';
    const open = target.pending + target.running > 0;
    switch (condition.kind) {
      case 'after':
        return this.after(target, condition.minutes);
      case 'afterany':
      case 'afterburstbuffer':
        return open ? 'unfulfilled' : 'fulfilled';
      case 'afterok':
      case 'aftercorr':
        if (open) return 'unfulfilled';
        return target.bad === 0 ? 'fulfilled' : 'failed';
      case 'afternotok':
        if (open) return 'unfulfilled';
        return target.bad > 0 ? 'fulfilled' : 'failed';
      default:
        return condition satisfies never;
    }
  }

  private after({ pending, startedAt }: Target, minutes: number): DependencyStatus {
    if (pending > 0) return 'unfulfilled';
    const due = (startedAt ?? 0) + minutes * 60;
    if (due <= this.now) return 'fulfilled';
    this.dueAt = Math.min(this.dueAt ?? due, due);
    return 'unfulfilled';
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
    const row = ids.task === null ? this.wholeJob(ids.job, ids.isArray === 1) : this.oneTask(ids.task);
    if (row === null || row.pending + row.running > 0) return row;
    return this.forgotten(ids.job) ? null : row;
  }

  private wholeJob(job: number, isArray: boolean): Target {
    const count = (condition: string) =>
      this.state
        .sql<{ n: number }>(`SELECT EXISTS (SELECT 1 FROM task WHERE job = ? AND ${condition}) AS n`)
        .get(job)?.n ?? 0;
    const pending = count("state = 'PENDING'");
    const running = pending > 0 ? 0 : count("state = 'RUNNING'");
    const bad = pending + running > 0 ? 0 : count("+state <> 'COMPLETED'");
    const started = this.state.sql<{ at: number | null }>(
      'SELECT max(started_at) AS at FROM task WHERE job = ?',
    );
    return { pending, running, bad, isArray, startedAt: pending > 0 ? null : (started.get(job)?.at ?? null) };
  }

  private oneTask(task: number): Target | null {
    const row = this.state
      .sql<{ state: string; started_at: number | null }>('SELECT state, started_at FROM task WHERE id = ?')
      .get(task);
    if (row === undefined) return null;
    const pending = row.state === 'PENDING' ? 1 : 0;
    const running = row.state === 'RUNNING' ? 1 : 0;
    const bad = pending + running === 0 && row.state !== 'COMPLETED' ? 1 : 0;
    return { pending, running, bad, startedAt: row.started_at, isArray: false };
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
