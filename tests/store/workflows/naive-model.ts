import type { JobStatus } from '../../../lib/wire/job-status.js';

export interface NaiveJob {
  id: number;
  status: JobStatus;
  upstream: number[];
  cancels: boolean;
}

const SETTLED: JobStatus[] = ['completed', 'failed', 'canceled', 'terminated', 'disabled'];
const STARTS_ANEW: JobStatus[] = ['uninitialized', 'pending', 'running', 'terminated', 'pending_failed'];

/** What the store does, said once more without counters, indices and SQL: every question looks at all jobs. */
export class NaiveModel {
  readonly jobs = new Map<number, NaiveJob>();

  add(job: NaiveJob): void {
    this.jobs.set(job.id, job);
  }

  get all(): NaiveJob[] {
    return [...this.jobs.values()].sort((a, b) => a.id - b.id);
  }

  openOf(job: NaiveJob): number {
    return job.upstream.filter((id) => !SETTLED.includes(this.statusOf(id))).length;
  }

  initialize(): void {
    this.resetDownstream(STARTS_ANEW);
    for (const job of this.all) {
      if (!['blocked', 'ready', ...STARTS_ANEW].includes(job.status)) continue;
      job.status = 'blocked';
    }
    this.settle(this.all);
  }

  /** Decides about blocked jobs among these, and then about what waits for those that this cancels. */
  settle(candidates: readonly NaiveJob[]): void {
    const free = candidates.filter((job) => job.status === 'blocked' && this.openOf(job) === 0);
    const ruledOut = free.filter((job) => job.cancels && job.upstream.some((id) => this.hasFailed(id)));
    for (const job of free) job.status = ruledOut.includes(job) ? 'canceled' : 'ready';
    if (ruledOut.length > 0) this.settle(ruledOut.flatMap(({ id }) => this.dependents(id)));
  }

  end(id: number, status: JobStatus): void {
    this.require(id).status = status;
    if (SETTLED.includes(status)) this.settle(this.dependents(id));
  }

  resetDownstream(of: readonly JobStatus[]): void {
    const wave = this.all.filter(({ status }) => of.includes(status));
    const affected = new Set(wave);
    for (let job = wave.pop(); job !== undefined; job = wave.pop()) {
      for (const dependent of this.dependents(job.id)) {
        if (affected.has(dependent) || dependent.status === 'disabled') continue;
        affected.add(dependent);
        wave.push(dependent);
      }
    }
    for (const job of affected) if (job.status !== 'disabled') job.status = 'uninitialized';
  }

  remove(id: number): void {
    this.jobs.delete(id);
    for (const job of this.all) job.upstream = job.upstream.filter((other) => other !== id);
    this.settle(this.all);
  }

  dependents(id: number): NaiveJob[] {
    return this.all.filter(({ upstream }) => upstream.includes(id));
  }

  require(id: number): NaiveJob {
    const job = this.jobs.get(id);
    if (job === undefined) throw new Error(`no job ${id}`);
    return job;
  }

  private statusOf(id: number): JobStatus {
    return this.require(id).status;
  }

  private hasFailed(id: number): boolean {
    return SETTLED.includes(this.statusOf(id)) && this.statusOf(id) !== 'completed';
  }
}
