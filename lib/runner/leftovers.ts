import { hostname } from 'node:os';
import { listAll } from '../client/all.js';
import { ApiResponseError } from '../client/client-errors.js';
import { epochSeconds } from '../clock.js';
import type { ComputeNodeModel } from '../wire/compute-nodes.js';
import type { JobModel } from '../wire/jobs.js';
import { called, type RunContext } from './context.js';
import { attemptOf, type ClaimedJob } from './job-command.js';
import { makeReady } from './job-start.js';
import { ORPHANED_CODE } from './return-code.js';
import { runnerIdentity, runnerLives } from './runner-identity.js';
import { killStrays } from './stray-processes.js';

/** Attempts of a job that may be lost with their runners; a job that ends its runner each time is no accident. */
const MOST_LOST = 5;

/** Where jobs run that the server takes for running on no compute node. */
const NOWHERE = 0;

type Node = ComputeNodeModel & { id: number };

/** Finds jobs that nobody will end: their runner died, or the answer to a claim was lost. */
export class Leftovers {
  private readonly pendingSince = new Map<string, number>();

  constructor(
    private readonly context: RunContext,
    /** Seconds for which a job may be pending while another runner is there, which may be about to start it. */
    private readonly longestPending: number,
  ) {}

  /**
   * Takes up jobs that are running on no living runner: their processes are ended, and they get a further attempt.
   * Runners on other machines are taken for alive as long as their records say so.
   *
   * @returns how many jobs there were
   */
  async takeUpRunning(): Promise<number> {
    const { client, workflowId, nodeId } = this.context;
    const running = await this.jobsIn('running');
    if (running.length === 0) return 0;
    const nodes = (await listAll(client.computeNodes.list, { workflow_id: workflowId })) as Node[];
    const isLive = (node: Node) => node.id === nodeId || (node.is_active !== false && !isDeadHere(node));
    const kept = new Set<number>();
    for (const node of nodes.filter(isLive)) for (const job of await this.jobsOn(node.id)) kept.add(job.id);
    const lost = running.filter((job) => !kept.has(job.id));
    if (lost.length === 0) return 0;
    let taken = 0;
    const nowhere = new Map(lost.map((job) => [job.id, job]));
    for (const node of nodes.filter((one) => !isLive(one))) {
      for (const job of await this.clearUp(node)) {
        nowhere.delete(job.id);
        if (await this.takeUp(job, node.id)) taken += 1;
      }
    }
    // Given back and claimed anew since they were listed; or nobody says where they run.
    for (const job of nowhere.values()) if (await this.takeUp(job, NOWHERE)) taken += 1;
    return taken;
  }

  /**
   * Jobs that run here as far as the server knows, when none does: the answer to a claim was lost, and the request that
   * followed it has claimed others.
   */
  async claimedUnheard(): Promise<ClaimedJob[]> {
    const { nodeId, log } = this.context;
    const jobs = await this.jobsOn(nodeId);
    for (const job of jobs) log.warn(`${called(job)} was given to this runner, and it was not told`);
    return jobs;
  }

  /** Notes of runners of this host that have died, with jobs or without, that they are not active any more. */
  async retireDead(): Promise<void> {
    const { client, workflowId: workflow_id } = this.context;
    const nodes = (await listAll(client.computeNodes.list, { workflow_id, is_active: true })) as Node[];
    for (const node of nodes.filter(isDeadHere)) await this.clearUp(node);
  }

  /**
   * Makes jobs ready again that were claimed and never started: at once when this runner is the only one, and else when
   * they have been so for a while.
   *
   * @param own jobs that this runner has claimed itself
   */
  async releasePending(own: ReadonlySet<number>): Promise<number> {
    const pending = (await this.jobsIn('pending')).filter((job) => !own.has(job.id));
    if (pending.length === 0) return 0;
    // Asked after the jobs: a runner has its record before it claims.
    const isAlone = !(await this.othersLive());
    const now = performance.now() / 1000;
    let released = 0;
    for (const job of pending) {
      const key = `${job.id}/${attemptOf(job)}`;
      const since = this.pendingSince.get(key) ?? now;
      this.pendingSince.set(key, since);
      if (!isAlone && now - since < this.longestPending) continue;
      this.pendingSince.delete(key);
      if ((await this.context.client.jobs.get({ id: job.id })).status !== 'pending') continue;
      await makeReady(this.context, job);
      released += 1;
    }
    return released;
  }

  private async othersLive(): Promise<boolean> {
    const { client, workflowId, nodeId } = this.context;
    const nodes = await listAll(client.computeNodes.list, { workflow_id: workflowId });
    return nodes.some((node) => node.id !== nodeId && node.is_active !== false && !isDeadHere(node));
  }

  private async jobsIn(status: 'running' | 'pending'): Promise<ClaimedJob[]> {
    const { client, workflowId: workflow_id } = this.context;
    return identified(await listAll(client.jobs.list, { workflow_id, status }));
  }

  /** Running jobs. */
  private async jobsOn(active_compute_node_id: number): Promise<ClaimedJob[]> {
    const { client, workflowId: workflow_id } = this.context;
    const jobs = await listAll(client.jobs.list, { workflow_id, active_compute_node_id });
    return identified(jobs.filter(({ status }) => status === 'running'));
  }

  /**
   * Ends what a dead runner of this host has left of jobs that the server takes for running.
   *
   * @returns those jobs, of a runner of any host
   */
  private async clearUp(node: Node): Promise<ClaimedJob[]> {
    const { client, log } = this.context;
    const jobs = await this.jobsOn(node.id);
    if (node.hostname === hostname()) {
      const strays = killStrays(
        runnerIdentity(node),
        jobs.map(({ id }) => id),
      );
      if (strays > 0) log.warn(`ended ${strays} processes that runner ${node.id} has left behind`);
    }
    if (node.is_active === true) {
      log.warn(`runner ${node.id} (process ${node.pid} of this host) has died`);
      await client.computeNodes.update({ id: node.id, body: { ...node, is_active: false } });
    }
    return jobs;
  }

  /**
   * @param from the node of the runner that died, or NOWHERE: by now the job may be with another, under the same attempt.
   *   Only of a node is it certain that nobody has the job, so that it may be given up.
   * @returns whether it was still to be taken up
   */
  private async takeUp(job: ClaimedJob, from: number): Promise<boolean> {
    const { client, runId, log } = this.context;
    const attempt = attemptOf(job);
    try {
      // Torc's server does not look at the node: one that ended meanwhile would get an attempt that nobody wanted.
      const now = await client.jobs.get({ id: job.id });
      if (now.status !== 'running' || now.attempt_id !== job.attempt_id) return false;
      if (attempt > MOST_LOST && from !== NOWHERE) await this.giveUp(job);
      // Two runners may see this at once: only one of them gets a further attempt, the next number is not below this one.
      else
        await client.jobs.retry({ id: job.id, run_id: runId, max_retries: attempt, compute_node_id: from });
    } catch (error) {
      if (!(error instanceof ApiResponseError)) throw error;
      log.warn(`${called(job)} is not taken up: ${error.message}`);
      return false;
    }
    log.warn(`${called(job)} was left running by a runner that died`);
    return true;
  }

  private async giveUp(job: ClaimedJob): Promise<void> {
    const { client, runId, workflowId, nodeId, log } = this.context;
    log.error(`${called(job)} has lost its runner ${attemptOf(job)} times and fails`);
    const body = {
      ...{ job_id: job.id, workflow_id: workflowId, run_id: runId, attempt_id: attemptOf(job) },
      ...{
        compute_node_id: nodeId,
        return_code: ORPHANED_CODE,
        status: 'failed' as const,
        exec_time_minutes: 0,
      },
      completion_time: new Date(epochSeconds() * 1000).toISOString(),
    };
    await client.jobs.complete({ id: job.id, status: 'failed', run_id: runId, body });
  }
}

/** A runner of this host of which nothing is left. */
function isDeadHere(node: ComputeNodeModel): boolean {
  return node.hostname === hostname() && node.compute_node_type === 'local' && !runnerLives(node);
}

function identified(jobs: readonly JobModel[]): ClaimedJob[] {
  return jobs.filter((job): job is ClaimedJob => job.id !== undefined);
}
