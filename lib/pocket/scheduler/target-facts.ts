import type { DependencyStatus } from '../../slurm/dependency.js';
import { type JobRow, purgeAge } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import type { Condition } from './dependency-spec.js';

/** A job that waits, as far as its dependency is concerned. */
export type Dependent = Pick<JobRow, 'id' | 'name' | 'user' | 'dependency' | 'dependencySetAt'>;

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
export class TargetFacts {
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

  /** A task that was cancelled before it started counts from then (measured). */
  private latestStart({ job, task }: Target): number {
    const of = task === null ? 'job = ?' : 'id = ?';
    const text = `SELECT max(coalesce(started_at, ended_at)) AS at FROM task WHERE ${of}`;
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
