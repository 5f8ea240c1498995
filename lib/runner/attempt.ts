import { ApiResponseError } from '../client/client-errors.js';
import { epochSeconds } from '../clock.js';
import { jobStdio } from '../report/run-files.js';
import type { JobStatus } from '../wire/job-status.js';
import { called, type RunContext } from './context.js';
import { decideFailure } from './failure-rules.js';
import { attemptOf, type ClaimedJob, commandOf, jobEnvironment } from './job-command.js';
import type { AdmittedJob } from './job-queue.js';
import { makeReady, startJob } from './job-start.js';
import type { LaunchedProcess } from './launcher.js';
import type { Usage } from './monitor/usage.js';
import { storeOutputs } from './output-files.js';
import type { Reports } from './reports.js';
import { FAILED_CODE, type ProcessEnd, returnCodeOf } from './return-code.js';

/** Why a runner ends a job. */
export type EndingCause = 'terminated' | 'canceled';

/** How an attempt ended here; `lost`: it is not this runner's any more, or never was. */
export type AttemptOutcome = Exclude<JobStatus, 'running'> | 'retried' | 'lost';

/** How the process ended, and what it used. */
interface Run {
  end: ProcessEnd;
  usage: Usage | null;
  /** Why it could not be started. */
  problem: string | null;
}

/** Seconds between looks whether a process group that was asked to end is gone. */
const GROUP_LOOK = 0.05;

/** One attempt of one job, from its claim to its report. */
export class Attempt {
  private process: LaunchedProcess | null = null;
  private cause: EndingCause | null = null;
  private hasEnded = false;

  private readonly job: ClaimedJob;
  private readonly gpus: readonly string[];

  constructor(
    private readonly context: RunContext,
    private readonly reports: Reports,
    { job, grant }: AdmittedJob,
  ) {
    this.job = job;
    this.gpus = grant?.gpus ?? [];
  }

  /**
   * Starts the job, waits for its end and reports it.
   *
   * @param onFreed is called once what it was given is free again, with its seconds; null when it never ran
   * @throws ServerUnreachableError when the server stays away
   */
  async carryOut(onFreed: (seconds: number | null) => void): Promise<AttemptOutcome> {
    let hasRun = false;
    try {
      if (!(await startJob(this.context, this.job))) return 'lost';
      if (this.cause !== null) return await this.leave(this.cause);
      const run = await this.run();
      hasRun = true;
      onFreed(run.end.seconds);
      return await this.settle(run);
    } finally {
      if (!hasRun) onFreed(null);
    }
  }

  /** Ends it: gently where the job supports that, else at once. Nothing happens to one that has ended. */
  stop(cause: EndingCause): void {
    if (this.hasEnded) return;
    this.cause ??= cause;
    const isGentle = cause === 'terminated' && this.job.supports_termination === true;
    this.process?.signal(isGentle ? 'SIGTERM' : 'SIGKILL');
  }

  /** Ends what would rather take its time. */
  kill(): void {
    this.process?.signal('SIGKILL');
  }

  /** The end has come before its beginning: other runners may have it. */
  private async leave(cause: EndingCause): Promise<AttemptOutcome> {
    if (cause === 'canceled') return 'canceled';
    await makeReady(this.context, this.job);
    return 'ready';
  }

  private async run(): Promise<Run> {
    const { context, job } = this;
    const { launcher, monitor, surroundings, listener, log } = context;
    log.info(`start ${called(job)}, attempt ${attemptOf(job)}`);
    listener.onJob?.({ kind: 'started', jobId: job.id, name: job.name, attempt: attemptOf(job) });
    this.process = launcher.start({
      command: commandOf(job),
      env: jobEnvironment(job, surroundings, this.gpus),
      ...this.stdio(),
    });
    this.process.onceBegun((pid) => monitor?.watch(job.id, job.name, pid));
    try {
      const end = await this.process.ended;
      if (this.cause === 'terminated') await this.untilGroupIsGone();
      return { end, usage: monitor?.release(job.id) ?? null, problem: null };
    } catch (error) {
      const end = { code: FAILED_CODE, signal: null, seconds: 0 };
      return { end, usage: null, problem: (error as Error).message };
    } finally {
      this.hasEnded = true;
    }
  }

  private stdio(): { stdout: string; stderr: string } {
    const { surroundings, workflowId, runId } = this.context;
    const { job } = this;
    return jobStdio(surroundings.outputDir, {
      workflow: workflowId,
      job: job.id,
      run: runId,
      attempt: attemptOf(job),
    });
  }

  /** The shell may be gone while the program that it called still saves its state. */
  private async untilGroupIsGone(): Promise<void> {
    while (this.process?.isAlive === true) {
      await new Promise((resolve) => setTimeout(resolve, GROUP_LOOK * 1000));
    }
  }

  private async settle(run: Run): Promise<AttemptOutcome> {
    const { log } = this.context;
    const code = returnCodeOf(run.end, this.cause !== null);
    // The server has ended it already, and takes no report.
    if (this.cause === 'canceled') return 'canceled';
    if (this.cause === 'terminated') return await this.report('terminated', code, run);
    if (run.problem !== null) log.error(`${called(this.job)} could not be started: ${run.problem}`);
    if (code !== 0) return await this.settleFailure(code, run);
    const missing = await storeOutputs(this.context, this.job);
    if (missing.length === 0) return await this.report('completed', 0, run);
    log.error(`${called(this.job)} has not written ${missing.join(', ')}`);
    return await this.settleFailure(FAILED_CODE, run);
  }

  private async settleFailure(returnCode: number, run: Run): Promise<AttemptOutcome> {
    const { context, job } = this;
    const decision = decideFailure(await context.lookups.rulesOf(job), {
      ...{ returnCode, attempt: attemptOf(job) },
      usePendingFailed: context.workflow.use_pending_failed === true,
    });
    if (decision.kind === 'final') return await this.report(decision.status, returnCode, run);
    if (!(await this.recovers(decision.recoveryScript, returnCode)))
      return await this.report('failed', returnCode, run);
    if (!(await this.getsFurtherAttempt())) return await this.report('failed', returnCode, run);
    context.log.info(`${called(job)} failed with return code ${returnCode} and is retried`);
    const attempt = attemptOf(job) + 1;
    context.listener.onJob?.({ kind: 'retried', jobId: job.id, name: job.name, returnCode, attempt });
    return 'retried';
  }

  /** @returns false when the server refuses */
  private async getsFurtherAttempt(): Promise<boolean> {
    const { client, runId, log } = this.context;
    const { id } = this.job;
    const attempt = attemptOf(this.job);
    try {
      // The rule has allowed it. A request that is sent again must not end the next attempt as it did this one.
      await client.jobs.retry({ id, run_id: runId, max_retries: attempt });
      return true;
    } catch (error) {
      if (!(error instanceof ApiResponseError)) throw error;
      // The first request may have got through, and only its answer was lost.
      if (error.status !== 404 && attemptOf(await client.jobs.get({ id })) > attempt) return true;
      log.warn(`${called(this.job)} is not retried: ${error.message}`);
      return false;
    }
  }

  /** Runs a recovery script, if there is one, before anybody may start the next attempt. */
  private async recovers(script: string | null, returnCode: number): Promise<boolean> {
    if (script === null || script.trim() === '') return true;
    const { launcher, surroundings, log } = this.context;
    log.info(`recovery script of ${called(this.job)}: ${script}`);
    const env = { ...jobEnvironment(this.job, surroundings, []), TORC_RETURN_CODE: String(returnCode) };
    try {
      const { code } = await launcher.start({ command: script, env, ...this.stdio(), appends: true }).ended;
      if (code === 0) return true;
      log.error(
        `recovery script of ${called(this.job)} failed with ${code ?? 'a signal'}; the job is not retried`,
      );
    } catch (error) {
      log.error(`recovery script of ${called(this.job)} could not be started: ${(error as Error).message}`);
    }
    return false;
  }

  private async report(
    status: 'completed' | 'failed' | 'pending_failed' | 'terminated',
    returnCode: number,
    { end, usage }: Run,
  ): Promise<AttemptOutcome> {
    const { runId, nodeId, workflowId, log, listener } = this.context;
    const { id, name } = this.job;
    const body = {
      ...{ job_id: id, workflow_id: workflowId, run_id: runId, attempt_id: attemptOf(this.job) },
      ...{ compute_node_id: nodeId, return_code: returnCode, status, exec_time_minutes: end.seconds / 60 },
      completion_time: new Date(epochSeconds() * 1000).toISOString(),
      ...(usage === null ? {} : usageFields(usage)),
    };
    log.info(
      `${called(this.job)} ${status} with return code ${returnCode} after ${end.seconds.toFixed(3)} s`,
    );
    try {
      await this.reports.send(body);
    } catch (error) {
      if (!(error instanceof ApiResponseError)) throw error;
      const outcome = await this.outcomeAfter(error, status);
      if (outcome !== status) return outcome;
    }
    listener.onJob?.({ kind: 'ended', jobId: id, name, status, returnCode, seconds: end.seconds });
    return status;
  }

  /** The server did not take the report: it had it already, or somebody has decided otherwise meanwhile. */
  private async outcomeAfter(error: ApiResponseError, status: JobStatus): Promise<AttemptOutcome> {
    const { client, log } = this.context;
    // The workflow is gone.
    if (error.status === 404) return 'lost';
    const { status: now, attempt_id } = await client.jobs.get({ id: this.job.id });
    if (now === status && attempt_id === this.job.attempt_id) return status as AttemptOutcome;
    log.warn(`${called(this.job)} is ${now} by now: ${error.message}`);
    return now === 'canceled' ? 'canceled' : 'lost';
  }
}

function usageFields(usage: Usage) {
  return {
    peak_memory_bytes: usage.peakMemoryBytes,
    avg_memory_bytes: Math.round(usage.averageMemoryBytes),
    peak_cpu_percent: usage.peakCpuPercent,
    avg_cpu_percent: usage.averageCpuPercent,
  };
}
