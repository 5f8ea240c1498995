import type { Client } from '../client/client.js';
import { ApiResponseError } from '../client/client-errors.js';
import type { ResultModel } from '../wire/results.js';
import { MAX_REPORTS } from '../wire/workflows.js';

interface Waiting {
  report: ResultModel;
  taken: () => void;
  failed: (error: unknown) => void;
}

/** Milliseconds for which a report waits for others. */
const LINGER = 30;

/**
 * Tells the server how attempts ended. One request at a time, with all that have ended during the one before it: short
 * jobs that end by the hundred cost few requests, and long ones wait for nothing.
 */
export class Reports {
  private waiting: Waiting[] = [];
  private isSending = false;
  /** Torc's server takes them one by one. */
  private takesMany = true;

  constructor(
    private readonly client: Client,
    private readonly workflowId: number,
    /** Whether there is other work at hand, so that nobody waits for what a report releases. */
    private readonly mayWait: () => boolean,
  ) {}

  /**
   * Resolves once the server has taken the report.
   *
   * @throws ApiResponseError when it refuses, ServerUnreachableError when it stays away
   */
  send(report: ResultModel): Promise<void> {
    return new Promise((taken, failed) => {
      this.waiting.push({ report, taken, failed });
      if (!this.isSending) void this.sendAll();
    });
  }

  private async sendAll(): Promise<void> {
    this.isSending = true;
    while (this.waiting.length > 0) {
      if (this.takesMany && this.mayWait()) await new Promise((resolve) => setTimeout(resolve, LINGER));
      const batch = this.waiting.splice(0, this.takesMany ? MAX_REPORTS : 1);
      if (batch.length > 1) await this.sendSeveral(batch);
      else for (const one of batch) await this.sendOne(one);
    }
    this.isSending = false;
  }

  private async sendOne({ report, taken, failed }: Waiting): Promise<void> {
    const { job_id: id, status, run_id } = report;
    try {
      await this.client.jobs.complete({ id, status, run_id, body: report });
      taken();
    } catch (error) {
      failed(error);
    }
  }

  private async sendSeveral(batch: readonly Waiting[]): Promise<void> {
    const { client, workflowId: id } = this;
    try {
      const body = { results: batch.map(({ report }) => report) };
      const { results } = await client.workflows.completeJobs({ id, body });
      for (const [place, { taken, failed }] of batch.entries()) {
        const error = results[place]?.error;
        if (error === undefined) taken();
        else failed(new ApiResponseError(error.status, error.message, null, undefined, error));
      }
    } catch (error) {
      if (!(error instanceof ApiResponseError)) {
        for (const { failed } of batch) failed(error);
        return;
      }
      // It knows no such request, or not this workflow any more: what it says of each is what counts.
      this.takesMany = false;
      for (const one of batch) await this.sendOne(one);
    }
  }
}
