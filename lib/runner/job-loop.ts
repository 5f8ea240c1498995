import { Actions, JOB_TRIGGERS } from './actions.js';
import { Attempt, type AttemptOutcome, type EndingCause } from './attempt.js';
import type { ClaimPolicy } from './claims.js';
import type { RunContext } from './context.js';
import { type AdmittedJob, JobQueue } from './job-queue.js';
import { Leftovers } from './leftovers.js';
import type { EndReason, RunCounts, RunnerOptions } from './options.js';
import { Pace } from './pace.js';
import { Reports } from './reports.js';
import { WakeUp } from './wake-up.js';

/** Claims that may follow one another without a look at anything else. */
const CLAIMS_IN_A_ROW = 32;

/** Which count an outcome belongs to. */
const COUNTED: Partial<Record<AttemptOutcome, Exclude<keyof RunCounts, 'running'>>> = {
  completed: 'completed',
  failed: 'failed',
  pending_failed: 'pendingFailed',
  terminated: 'terminated',
  canceled: 'canceled',
  retried: 'retried',
};

/** Both in seconds, as in {@link RunnerOptions}. */
export type LoopTimes = Required<Pick<RunnerOptions, 'pollInterval' | 'longestPending'>>;

/** Claims jobs and carries them out until there is a reason to end. */
export class JobLoop {
  readonly actions: Actions;
  /** Until they are settled: of a retried job there may be two for a moment. */
  private readonly attempts = new Set<Attempt>();
  private readonly queue: JobQueue;
  private readonly reports: Reports;
  private readonly leftovers: Leftovers;
  private readonly wake = new WakeUp();
  private readonly pace = new Pace();
  private ending: { reason: EndReason; cause: EndingCause } | null = null;
  private problem: { error: unknown } | null = null;
  private isClaimDue = true;
  private areActionsDue = true;
  private busySince = performance.now();
  private polledAt = performance.now();

  constructor(
    private readonly context: RunContext,
    private readonly policy: ClaimPolicy,
    private readonly times: LoopTimes,
  ) {
    this.actions = new Actions(context);
    this.queue = new JobQueue(context, policy);
    this.reports = new Reports(context.client, context.workflowId, () => this.queue.size > 0);
    this.leftovers = new Leftovers(context, times.longestPending);
  }

  /** @returns why it ended @throws ServerUnreachableError when the server stays away; jobs are ended then */
  async run(): Promise<EndReason> {
    try {
      await this.leftovers.takeUpRunning();
      await this.leftovers.retireDead();
      await this.actions.refresh();
      for (;;) {
        if (this.problem !== null) throw this.problem.error;
        if (this.ending !== null) return await this.drain(this.ending.reason);
        await this.turn();
        const reason = this.ending === null ? await this.reasonToEnd() : null;
        if (reason !== null && this.ending === null) return reason;
        if (this.ending === null) await this.wake.wait(this.secondsToPoll());
      }
    } catch (error) {
      for (const attempt of this.attempts) attempt.stop('canceled');
      throw error;
    }
  }

  /** Ends all jobs, and the loop when they have ended. */
  stop(reason: EndReason, cause: EndingCause = 'terminated'): void {
    this.ending ??= { reason, cause };
    for (const attempt of this.attempts) attempt.stop(cause);
    this.actions.stop();
    this.wake.notify();
  }

  /** Jobs that were asked to end are not waited for any longer. */
  kill(): void {
    for (const attempt of this.attempts) attempt.kill();
  }

  private async turn(): Promise<void> {
    const isPollDue = this.secondsToPoll() <= 0;
    if (isPollDue) {
      this.polledAt = performance.now();
      this.isClaimDue = true;
      this.areActionsDue = true;
      this.context.lookups.forgetNeeds();
      await this.actions.refresh();
    }
    if (this.areActionsDue && this.actions.awaitsJobs && !this.actions.isBusy) this.lookForActions();
    await this.queue.giveBack();
    await this.fill();
    if (isPollDue && this.attempts.size > 0) await this.lookForCancel();
  }

  private lookForActions(): void {
    this.areActionsDue = false;
    this.actions.runBeside(
      JOB_TRIGGERS,
      () => this.wake.notify(),
      (error) => this.fail(error),
    );
  }

  /** Starts what fits, and claims while more would. */
  private async fill(): Promise<void> {
    for (let claims = 0; claims < CLAIMS_IN_A_ROW; claims += 1) {
      await this.queue.admit((admitted) => this.start(admitted));
      if (!this.isClaimDue || this.ending !== null) return;
      const { rounds } = this.pace;
      // Something waits for room already: there is none for others, or enough is at hand.
      if (this.queue.size > (this.policy.places * rounds) / 2) return;
      const jobs = await this.policy.claim(this.queue.jobs, rounds);
      // Nothing fits. While something runs that will change, and else a claim would find no more than this one.
      if (jobs === null && this.attempts.size > 0) return;
      if (jobs === null || jobs.length === 0) {
        this.isClaimDue = false;
        return;
      }
      this.busySince = performance.now();
      this.areActionsDue = true;
      this.queue.add(jobs);
    }
    this.wake.notify();
  }

  private start(admitted: AdmittedJob): void {
    const { context, policy } = this;
    const { grant } = admitted;
    const attempt = new Attempt(context, this.reports, admitted);
    this.attempts.add(attempt);
    context.counts.running += 1;
    // The end has come while it was on its way here.
    if (this.ending !== null) attempt.stop(this.ending.cause);
    const onFreed = (seconds: number | null) => {
      policy.giveBack(grant);
      context.counts.running -= 1;
      if (seconds !== null) this.pace.jobEnded(seconds);
      this.changed();
    };
    attempt
      .carryOut(onFreed)
      .then(
        (outcome) => this.count(outcome),
        (error: unknown) => this.fail(error),
      )
      .finally(() => {
        this.attempts.delete(attempt);
        this.changed();
      });
  }

  private count(outcome: AttemptOutcome): void {
    const { counts, listener } = this.context;
    const counted = COUNTED[outcome];
    if (counted !== undefined) counts[counted] += 1;
    // Perhaps the workflow has been canceled: the next turn asks.
    else this.polledAt = Number.NEGATIVE_INFINITY;
    listener.onCounts?.({ ...counts });
  }

  /** Something has ended: there is room, dependents may be ready, actions triggered. */
  private changed(): void {
    this.isClaimDue = true;
    this.areActionsDue = true;
    this.busySince = performance.now();
    this.wake.notify();
  }

  private fail(error: unknown): void {
    this.problem ??= { error };
    this.wake.notify();
  }

  private async lookForCancel(): Promise<void> {
    const { client, workflowId: id } = this.context;
    if ((await client.workflows.isComplete({ id })).is_canceled) this.stop('canceled', 'canceled');
  }

  /** Looks for one when there is nothing to do. */
  private async reasonToEnd(): Promise<EndReason | null> {
    if (this.attempts.size > 0 || this.queue.size > 0 || this.actions.isBusy || this.isClaimDue) return null;
    const { client, workflow, workflowId: id } = this.context;
    const { is_canceled, is_complete } = await client.workflows.isComplete({ id });
    if (is_canceled) return 'canceled';
    if (is_complete) {
      // What the last job's end has triggered comes before what the workflow's does.
      await this.actions.run(JOB_TRIGGERS);
      await this.actions.run(['on_workflow_complete']);
      if (workflow.compute_node_ignore_workflow_completion !== true) return 'complete';
    } else if (await this.findsLeftovers()) {
      this.changed();
      return null;
    }
    return (await this.isIdleForTooLong()) ? 'idle' : null;
  }

  private async findsLeftovers(): Promise<boolean> {
    const unheard = await this.leftovers.claimedUnheard();
    this.queue.add(unheard);
    const lost = await this.leftovers.takeUpRunning();
    const pending = await this.leftovers.releasePending(new Set(this.queue.jobs.map(({ id }) => id)));
    return unheard.length + lost + pending > 0;
  }

  private async isIdleForTooLong(): Promise<boolean> {
    const limit = this.context.workflow.compute_node_wait_for_new_jobs_seconds ?? 90;
    if (limit <= 0 || performance.now() - this.busySince < limit * 1000) return false;
    await this.actions.refresh();
    return !this.actions.awaitsJobs;
  }

  /** Waits for jobs that are on their way to their end. */
  private async drain(reason: EndReason): Promise<EndReason> {
    await this.queue.giveBack({ all: true });
    while (this.attempts.size > 0 || this.actions.isBusy) {
      if (this.problem !== null) throw this.problem.error;
      await this.wake.wait(this.times.pollInterval);
    }
    return reason;
  }

  private secondsToPoll(): number {
    return Math.max(0, this.times.pollInterval - (performance.now() - this.polledAt) / 1000);
  }
}
