import type { Cluster } from '../cluster.js';
import type { Submission } from '../job.js';

/** What a task takes on each of its nodes. */
export interface Demand {
  nodes: number;
  cpus: number;
  /** Bytes; 0 for all that the node has. */
  memory: number;
  exclusive: boolean;
}

/** A job that asks for memory per CPU, or for none, gets it per CPU of each node. */
export function demandOf(
  job: { submission: Submission; memoryPerNode: number | null; memoryPerCpu: number | null },
  cluster: Cluster,
): Demand {
  const { nodes, tasks, cpusPerTask, exclusive } = job.submission;
  const cpus = Math.ceil(Math.max(tasks, nodes) / nodes) * cpusPerTask;
  const memory = job.memoryPerNode ?? (job.memoryPerCpu ?? cluster.settings.defMemPerCpu) * cpus;
  return { nodes, cpus, memory, exclusive };
}
