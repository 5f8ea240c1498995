import { ApiResponseError } from '../client/client-errors.js';
import type { ClaimPolicy } from './claims.js';
import { called, type RunContext } from './context.js';
import type { ClaimedJob } from './job-command.js';
import type { Grant } from './resource-pool.js';

/** Milliseconds for which a job that was claimed ahead may wait here, where other runners cannot have it. */
const LONGEST_WAIT = 1000;

/** Jobs that were claimed and wait for a place: few, and not for long. */
export class JobQueue {
  private waiting: { job: ClaimedJob; since: number }[] = [];

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
  async admit(start: (job: ClaimedJob, grant: Grant | null) => void): Promise<void> {
    const before = this.waiting;
    this.waiting = [];
    for (const entry of before) {
      const grant = await this.policy.admit(entry.job);
      if (grant === undefined) this.waiting.push(entry);
      else start(entry.job, grant);
    }
  }

  /** Gives back to the server what has waited too long, or everything. */
  async giveBack({ all = false }: { all?: boolean } = {}): Promise<void> {
    const now = performance.now();
    const isKept = ({ since }: { since: number }) => !all && now - since < LONGEST_WAIT;
    const late = this.waiting.filter((entry) => !isKept(entry));
    this.waiting = this.waiting.filter(isKept);
    for (const { job } of late) await makeReady(this.context, job);
  }
}

/** Lets any runner claim a job that this one has claimed, or that nobody seems to start. */
export async function makeReady({ client, runId, log }: RunContext, job: ClaimedJob): Promise<void> {
  try {
    await client.jobs.changeStatus({ id: job.id, status: 'ready', run_id: runId });
    log.info(`${called(job)} was claimed, has not been started, and is ready again`);
  } catch (error) {
    if (!(error instanceof ApiResponseError)) throw error;
    log.warn(`${called(job)} is not made ready again: ${error.message}`);
  }
}
