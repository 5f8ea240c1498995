import { formatHostList, parseHostList } from '../../slurm/host-list.js';
import type { ClusterNode, Partition } from '../cluster.js';
import type { JobRequest } from '../job.js';
import { Refusal } from '../refusal.js';
import type { PocketState } from '../state/state.js';
import { type Demand, demandOf } from './demand.js';
import { parseDependencySpec } from './dependency-spec.js';

/** Where a job could run on an empty cluster. */
export interface Fit {
  partition: string;
  nodes: string;
  cpus: number;
}

const UNCHECKED: Fit = { partition: '', nodes: '', cpus: 0 };

/** @throws Refusal for what slurmctld refuses when a job is submitted */
export function checkRequest(state: PocketState, request: JobRequest, now: number): Fit {
  const { settings } = state.cluster;
  parseDependencySpec(request.dependency);
  const partitions = request.partitions.map((name) => findPartition(state, name));
  checkArray(request, settings.maxArraySize);
  checkNodeNames(state, [...request.submission.nodelist, ...request.excludedNodes.flatMap(parseHostList)]);
  checkTime(request, partitions, { enforced: settings.enforcePartLimits, now });
  // A held job is looked at when it is released, if at all (measured).
  const fit = request.held ? UNCHECKED : checkSize(state, request, partitions);
  checkCount(state, request.indices?.length ?? 1);
  return fit;
}

function findPartition({ cluster }: PocketState, name: string): Partition {
  const partition = cluster.partitions.find((known) => known.name === name);
  if (partition !== undefined) return partition;
  throw new Refusal('Invalid partition name specified', [`invalid partition specified: ${name}`]);
}

function checkArray({ indices }: JobRequest, maxArraySize: number): void {
  if (indices === null) return;
  if (indices.length === 0 || (indices.at(-1) ?? 0) >= maxArraySize) {
    throw new Refusal('Invalid job array specification');
  }
}

function checkNodeNames({ cluster }: PocketState, names: readonly string[]): void {
  const known = new Set(cluster.nodes.map(({ name }) => name));
  if (names.some((name) => !known.has(name))) throw new Refusal('Invalid node name specified');
}

function checkTime(
  { timeLimit, submission: { deadline } }: JobRequest,
  partitions: readonly Partition[],
  { enforced, now }: { enforced: boolean; now: number },
): void {
  const exceeds = enforced && partitions.some(({ maxTime }) => timeLimit > maxTime);
  if (exceeds || (deadline !== null && Math.floor(deadline) < Math.floor(now))) {
    throw new Refusal('Requested time limit is invalid (missing or exceeds some limit)');
  }
}

/** Some partition must have nodes that are large enough; otherwise Slurm refuses at once. */
function checkSize(state: PocketState, request: JobRequest, partitions: readonly Partition[]): Fit {
  const demand = demandOf(request, state.cluster);
  for (const partition of partitions) {
    const nodes = largeEnough(state, partition, request, demand);
    // More nodes than there are: it waits for ever, as in Slurm.
    if (nodes.length >= Math.min(demand.nodes, partition.nodes.length) && nodes.length > 0) {
      const chosen = nodes.slice(0, demand.nodes).map(({ name }) => name);
      return { partition: partition.name, nodes: formatHostList(chosen), cpus: demand.cpus * demand.nodes };
    }
  }
  throw sizeRefusal(state, partitions, request);
}

function largeEnough(
  { cluster }: PocketState,
  partition: Partition,
  { excludedNodes, submission }: JobRequest,
  { cpus, memory }: Demand,
): ClusterNode[] {
  const excluded = excludedNodes.flatMap(parseHostList);
  const nodes = cluster.nodes.filter(
    (node) =>
      partition.nodes.includes(node.name) &&
      !excluded.includes(node.name) &&
      node.cpus >= cpus &&
      node.memory >= memory,
  );
  const wanted = (node: ClusterNode) => submission.nodelist.includes(node.name);
  if (submission.nodelist.some((name) => !nodes.some((node) => node.name === name))) return [];
  return nodes.toSorted((a, b) => Number(wanted(b)) - Number(wanted(a)));
}

function sizeRefusal(
  { cluster }: PocketState,
  partitions: readonly Partition[],
  { submission, memoryPerNode, memoryPerCpu }: JobRequest,
): Refusal {
  const cpus = submission.cpusPerTask;
  const memory = memoryPerNode ?? (memoryPerCpu ?? 0) * cpus;
  const all = cluster.nodes.filter(({ name }) =>
    partitions.some((partition) => partition.nodes.includes(name)),
  );
  const details = [];
  if (all.every((node) => node.cpus < cpus)) details.push('CPU count per node can not be satisfied');
  else if (all.every((node) => node.memory < memory))
    details.push('Memory specification can not be satisfied');
  return new Refusal('Requested node configuration is not available', details);
}

function checkCount(state: PocketState, more: number): void {
  const { maxJobCount } = state.cluster.settings;
  if (more < maxJobCount / 10) {
    // Counting is only worth its time where it could matter.
    const { last } = state.sql<{ last: number }>('SELECT coalesce(max(id), 0) AS last FROM task').get() ?? {
      last: 0,
    };
    if (last + more < maxJobCount) return;
  }
  const row = state.sql<{ open: number }>(
    "SELECT count(*) AS open FROM task WHERE state IN ('PENDING', 'RUNNING')",
  );
  if ((row.get()?.open ?? 0) + more > maxJobCount) throw new Refusal('Resource temporarily unavailable');
}
