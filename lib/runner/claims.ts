import { formatIsoDuration } from '../wire/iso-duration.js';
import type { RunContext } from './context.js';
import type { ClaimedJob } from './job-command.js';
import type { RunnerOptions } from './options.js';
import type { Grant, Needs, ResourcePool } from './resource-pool.js';

/** How a runner decides how many jobs it takes: by their number, or by what they need. */
export interface ClaimPolicy {
  /**
   * Asks the server for jobs; null when nothing would fit now.
   *
   * @param rounds how often they may fill all places, one after the other, when what runs has ended; 0 for jobs that
   *   there is room for now
   */
  claim(waiting: readonly ClaimedJob[], rounds: number): Promise<ClaimedJob[] | null>;
  /** Books what a job needs; undefined while there is not enough. */
  admit(job: ClaimedJob): Promise<Grant | null | undefined>;
  giveBack(grant: Grant | null): void;
  /** How many jobs may run beside each other, if they are small. */
  readonly places: number;
}

const GIB = 2 ** 30;

/** With less, no job is asked for. */
const LEAST_MEMORY = 0.1 * GIB;

/** So many jobs at a time, whatever they need. */
export class CountPolicy implements ClaimPolicy {
  private running = 0;

  constructor(
    private readonly context: RunContext,
    private readonly most: number,
    /** Seconds that are left; null without an end. */
    private readonly timeLeft: () => number | null,
  ) {}

  get places(): number {
    return this.most;
  }

  async claim(waiting: readonly ClaimedJob[], rounds: number): Promise<ClaimedJob[] | null> {
    const { client, workflow, workflowId: id } = this.context;
    const left = this.timeLeft();
    if (left !== null && left < (workflow.compute_node_min_time_for_new_jobs_seconds ?? 300)) return null;
    const limit = this.most - this.running - waiting.length + rounds * this.most;
    if (limit <= 0) return null;
    return jobsOf(await client.workflows.claimNext({ id, limit, ...andStart(this.context) }));
  }

  async admit(): Promise<Grant | null | undefined> {
    if (this.running >= this.most) return undefined;
    this.running += 1;
    return null;
  }

  giveBack(): void {
    this.running -= 1;
  }
}

/** As many jobs as fit into what is left of processors, memory, GPUs and nodes. */
export class ResourcePolicy implements ClaimPolicy {
  constructor(
    private readonly context: RunContext,
    private readonly pool: ResourcePool,
    private readonly options: RunnerOptions,
    private readonly timeLeft: () => number | null,
  ) {}

  get places(): number {
    return this.pool.capacity.cpus;
  }

  async claim(waiting: readonly ClaimedJob[], rounds: number): Promise<ClaimedJob[] | null> {
    const { client, workflowId: id } = this.context;
    const free = rounds > 0 ? this.all() : await this.freeBeside(waiting);
    if (free.cpus <= 0 || free.memoryBytes < LEAST_MEMORY) return null;
    const left = this.timeLeft();
    const body = {
      ...{
        num_cpus: free.cpus,
        memory_gb: free.memoryBytes / GIB,
        num_gpus: free.gpus,
        num_nodes: free.nodes,
      },
      time_limit: left === null ? undefined : formatIsoDuration(Math.floor(Math.max(0, left))),
      scheduler_config_id: this.options.node?.schedulerConfigId,
    };
    const { sortMethod, strictSchedulerMatch } = this.options;
    const answer = await client.workflows.claimByResources({
      ...{ id, limit: free.cpus * Math.max(1, rounds), rounds: Math.max(1, rounds), body },
      sort_method: sortMethod ?? this.context.workflow.jobs_sort_method,
      strict_scheduler_match: strictSchedulerMatch,
      ...andStart(this.context),
    });
    return jobsOf(answer);
  }

  async admit(job: ClaimedJob): Promise<Grant | null | undefined> {
    return this.pool.take(await this.context.lookups.needsOf(job)) ?? undefined;
  }

  giveBack(grant: Grant | null): void {
    if (grant !== null) this.pool.give(grant);
  }

  private all(): Needs {
    const { cpus, memoryBytes, gpus, nodes } = this.pool.capacity;
    return { cpus, memoryBytes, gpus: gpus.length, nodes };
  }

  private async freeBeside(waiting: readonly ClaimedJob[]): Promise<Needs> {
    const free = { ...this.pool.free };
    for (const job of waiting) {
      const needs = await this.context.lookups.needsOf(job);
      free.cpus -= needs.cpus;
      free.memoryBytes -= needs.memoryBytes;
      free.gpus -= needs.gpus;
      if (needs.nodes > 1) free.nodes -= needs.nodes;
    }
    return { ...free, gpus: Math.max(0, free.gpus), nodes: Math.max(0, free.nodes) };
  }
}

/** Jobs are claimed for a place that is there, or will be in a moment: a second request for each would only say so. */
function andStart({ nodeId, runId }: RunContext) {
  return { compute_node_id: nodeId, run_id: runId };
}

function jobsOf({ jobs = [] }: { jobs?: { id?: number }[] }): ClaimedJob[] {
  return jobs.filter((job): job is ClaimedJob => job.id !== undefined);
}
