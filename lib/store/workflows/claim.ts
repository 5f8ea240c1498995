import type { JobModel } from '../../wire/jobs.js';
import type { ComputeNodesResources, JobsSortMethod } from '../../wire/workflows.js';
import { requireStarter, type Starter, startClaimed } from './attempts.js';
import type { WorkflowDatabase } from './database.js';
import { OUTPUTS, withRelations } from './job-relations.js';
import { JOB } from './jobs.js';
import { moveJobs, withIds } from './move-jobs.js';
import { ReadyQueue, type Requirements } from './ready-queue.js';
import { workflowStatus } from './workflows.js';

export interface ClaimRequest {
  limit: number;
  resources: ComputeNodesResources;
  /** How many times over the jobs may fill the resources. */
  rounds: number;
  /** Seconds for which the runner is there. */
  timeLimit: number;
  sortMethod: JobsSortMethod;
  /** Whether jobs for the runner's scheduler and for none are all that it takes; otherwise others, if there is no such. */
  strictSchedulerMatch: boolean;
  /** Who starts the jobs at once; null when that is said later. */
  starter: Starter | null;
}

export interface Claim {
  jobs: JobModel[];
  isCanceled: boolean;
}

const GIB = 1024 ** 3;

/** What jobs must find left by those before them; and the time, which is the same for all. */
const ADDED_UP = ['num_cpus', 'memory_bytes', 'num_gpus', 'runtime_s'] as const;

/**
 * Gives the first ready jobs to a runner that asks for a number of them, whatever they need.
 *
 * @throws Refusal when there is no such workflow, and for another run or an unknown node of who starts them
 */
export function claimNextJobs(
  db: WorkflowDatabase,
  workflow: number,
  { limit, starter }: Pick<ClaimRequest, 'limit' | 'starter'>,
): Claim {
  return claim(db, workflow, starter, () => {
    const chosen: number[] = [];
    const queue = new ReadyQueue(db, workflow, allSchedulers(db, workflow));
    const everything = queue.jobs(
      'none',
      () => true,
      () => limit - chosen.length,
    );
    for (const { id } of everything) chosen.push(id);
    return chosen;
  });
}

/** Gives a runner ready jobs that it can run beside each other. @throws Refusal as {@link claimNextJobs} does */
export function claimByResources(db: WorkflowDatabase, workflow: number, request: ClaimRequest): Claim {
  return claim(db, workflow, request.starter, () => {
    const { scheduler_config_id: scheduler = null } = request.resources;
    const own = scheduler === null ? [null] : [null, scheduler];
    const chosen = pack(new ReadyQueue(db, workflow, own), request);
    if (chosen.length > 0 || request.strictSchedulerMatch) return chosen;
    return pack(new ReadyQueue(db, workflow, allSchedulers(db, workflow)), request);
  });
}

function claim(
  db: WorkflowDatabase,
  workflow: number,
  starter: Starter | null,
  choose: () => number[],
): Claim {
  return db.write(() => {
    if (starter !== null) requireStarter(db, workflow, starter);
    const { is_canceled: isCanceled } = workflowStatus(db, workflow);
    const chosen = isCanceled ? [] : choose();
    if (chosen.length === 0) return { jobs: [], isCanceled };
    const claimed = moveJobs(db, workflow, 'claim', 'pending', withIds(chosen));
    if (starter !== null) startClaimed(db, workflow, claimed, starter);
    const rows = new Map(JOB.getMany(db, claimed).map((job) => [job.id, job]));
    const jobs = chosen.map((id) => rows.get(id)).filter((job) => job !== undefined);
    for (const job of jobs) job.scheduler_id ??= null;
    return { jobs: withRelations(db, jobs, OUTPUTS), isCanceled };
  });
}

function allSchedulers(db: WorkflowDatabase, workflow: number): (number | null)[] {
  const rows = db.prepare('SELECT id FROM slurm_scheduler WHERE workflow_id = ?').all(workflow);
  return [null, ...(rows as { id: number }[]).map(({ id }) => id)];
}

/**
 * Takes jobs in the order of the queue as long as they fit into what the ones before have left. A kind that does not
 * fit any more is passed over whole, so that jobs that do are found however many of it there are.
 */
function pack(queue: ReadyQueue, request: ClaimRequest): number[] {
  const { limit, resources, rounds, timeLimit, sortMethod } = request;
  const all: Requirements = {
    num_cpus: resources.num_cpus,
    memory_bytes: resources.memory_gb * GIB,
    num_gpus: resources.num_gpus,
    num_nodes: resources.num_nodes,
    runtime_s: timeLimit,
  };
  const free: Requirements = {
    num_cpus: all.num_cpus * rounds,
    memory_bytes: all.memory_bytes * rounds,
    num_gpus: all.num_gpus * rounds,
    num_nodes: all.num_nodes * rounds,
    runtime_s: timeLimit,
  };
  const chosen: number[] = [];
  // Jobs on one node share the nodes with each other, and with jobs on several.
  const nodesFor = (needs: Requirements) => (needs.num_nodes > 1 ? free.num_nodes : all.num_nodes);
  const fits = (needs: Requirements) =>
    needs.num_nodes <= Math.min(nodesFor(needs), all.num_nodes) &&
    ADDED_UP.every((what) => needs[what] <= Math.min(free[what], all[what]));
  for (const { id, needs } of queue.jobs(sortMethod, fits, () => limit - chosen.length)) {
    chosen.push(id);
    free.num_cpus -= needs.num_cpus;
    free.memory_bytes -= needs.memory_bytes;
    free.num_gpus -= needs.num_gpus;
    if (needs.num_nodes > 1) free.num_nodes -= needs.num_nodes;
  }
  return chosen;
}
