import type { ClaimPolicy } from './claims.js';
import type { RunContext } from './context.js';
import type { ClaimedJob } from './job-command.js';
import { makeReady } from './job-start.js';
import type { Grant } from './resource-pool.js';

/** Milliseconds for which a job that was claimed ahead may wait here, where other runners cannot have it. */
const LONGEST_WAIT = 1000;

/** A claimed job that there is room for. */
export interface AdmittedJob {
  job: ClaimedJob;
  grant: Grant | null;
}

interface Entry {
  job: ClaimedJob;
  since: number;
}

/** Jobs that were claimed and wait for a place: few, and not for long. */
export class JobQueue {
  private waiting: Entry[] = [];

  constructor(
    private readonly context: RunContext,
    private readonly policy: ClaimPolicy,
  ) {}

  get jobs(): readonly ClaimedJob[] {
    return this.waiting.map(({ job }) => job);
  }

  get size(): number {
    return this.waiting.length;
  }

  add(jobs: readonly ClaimedJob[]): void {
    const since = performance.now();
    this.waiting.push(...jobs.map((job) => ({ job, since })));
  }

  /** Takes out what there is room for. */
  async admit(take: (admitted: AdmittedJob) => void): Promise<void> {
    const before = this.waiting;
    this.waiting = [];
    for (const entry of before) {
      const { job } = entry;
      const grant = await this.policy.admit(job);
      if (grant === undefined) this.waiting.push(entry);
      else take({ job, grant });
    }
  }

  /** Gives back to the server what has waited too long, or everything. */
  async giveBack({ all = false }: { all?: boolean } = {}): Promise<void> {
    const now = performance.now();
    const isKept = ({ since }: Entry) => !all && now - since < LONGEST_WAIT;
    const late = this.waiting.filter((entry) => !isKept(entry));
    this.waiting = this.waiting.filter(isKept);
    for (const { job } of late) await makeReady(this.context, job);
  }
}
