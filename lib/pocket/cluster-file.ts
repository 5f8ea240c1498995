import type { AfterokError } from '../errors.js';
import { PACKAGE_ROOT } from '../package-root.js';
import type { Path } from '../positioned-text.js';
import { type FileKind, SchemaFile } from '../schema-file.js';
import { parseTimeLimit } from '../slurm/duration.js';
import { parseHostList } from '../slurm/host-list.js';
import { parseMemory } from '../slurm/memory-size.js';
import type { Cluster, ClusterNode, ClusterSettings, Partition } from './cluster.js';

type Amount = string | number;

/** A cluster file as the schema admits it: config/schemas/pocket-cluster.schema.json */
interface ClusterFile {
  name?: string;
  nodes: { names: string; cpus: number; memory: Amount }[];
  partitions: Record<string, PartitionEntry>;
  settings?: Record<string, Amount | boolean>;
}

interface PartitionEntry {
  nodes: string;
  default?: boolean;
  max_time?: Amount;
  default_time?: Amount;
  priority_tier?: number;
  preempt?: Partition['preempt'];
}

export const DEFAULT_CLUSTER_FILE = `${PACKAGE_ROOT}config/pocket/cluster.yaml`;

/** What slurm.conf has when it says nothing (slurm.conf(5)), save for memory, which would be unlimited. */
const DEFAULT_SETTINGS: ClusterSettings = {
  maxArraySize: 1001,
  maxJobCount: 10_000,
  minJobAge: 300,
  killWait: 30,
  defMemPerCpu: 256 * 2 ** 20,
  enforcePartLimits: false,
  jobRequeue: true,
  requeueDelay: 121,
};

const SETTING_KEYS: Readonly<Record<string, keyof ClusterSettings>> = {
  MaxArraySize: 'maxArraySize',
  MaxJobCount: 'maxJobCount',
  MinJobAge: 'minJobAge',
  KillWait: 'killWait',
  DefMemPerCPU: 'defMemPerCpu',
  EnforcePartLimits: 'enforcePartLimits',
  JobRequeue: 'jobRequeue',
  RequeueDelay: 'requeueDelay',
};

/**
 * Reads a cluster file.
 *
 * @throws AfterokError naming file, line, column, and what was expected
 */
export function readClusterFile(file: string): Cluster {
  return clusterOf(SchemaFile.read<ClusterFile>(file, CLUSTER_FILE));
}

/** @throws AfterokError like readClusterFile; `file` is for messages alone */
export function parseCluster(text: string, file: string): Cluster {
  return clusterOf(SchemaFile.parse<ClusterFile>(text, file, CLUSTER_FILE));
}

function clusterOf({ source, value }: { source: SchemaFile; value: ClusterFile }): Cluster {
  return new ClusterReader(source).read(value);
}

const CLUSTER_FILE: FileKind = { noun: 'cluster', code: 'bad-cluster', schema: 'pocket-cluster.schema.json' };

class ClusterReader {
  constructor(private readonly source: SchemaFile) {}

  read(file: ClusterFile): Cluster {
    const nodes = this.nodes(file);
    return {
      name: file.name ?? 'afterok',
      nodes,
      partitions: this.partitions(file, nodes),
      settings: this.settings(file),
    };
  }

  private nodes({ nodes }: ClusterFile): ClusterNode[] {
    const known = new Set<string>();
    return nodes.flatMap(({ names, cpus, memory }, place) =>
      this.hosts(names, ['nodes', place, 'names']).map((name) => {
        if (known.has(name)) throw this.error(['nodes', place, 'names'], `node ${name} stands here twice`);
        known.add(name);
        return { name, cpus, memory: this.memory(memory, ['nodes', place, 'memory']) };
      }),
    );
  }

  private partitions({ partitions }: ClusterFile, nodes: readonly ClusterNode[]): Partition[] {
    const known = new Set(nodes.map(({ name }) => name));
    const read = Object.entries(partitions).map(([name, entry]) => this.partition(name, entry, known));
    const [, second] = read.filter(({ isDefault }) => isDefault);
    if (second === undefined) return read;
    throw this.error(['partitions', second.name, 'default'], 'a second default partition');
  }

  private partition(name: string, entry: PartitionEntry, known: ReadonlySet<string>): Partition {
    const path = ['partitions', name];
    const nodes = this.hosts(entry.nodes, [...path, 'nodes']);
    const stranger = nodes.find((node) => !known.has(node));
    if (stranger !== undefined) throw this.error([...path, 'nodes'], `no node is called ${stranger}`);
    const maxTime = this.time(entry.max_time, [...path, 'max_time']) ?? Number.POSITIVE_INFINITY;
    return {
      name,
      nodes,
      isDefault: entry.default ?? false,
      maxTime,
      defaultTime: this.time(entry.default_time, [...path, 'default_time']) ?? maxTime,
      priorityTier: entry.priority_tier ?? 1,
      preempt: entry.preempt ?? 'off',
    };
  }

  private settings({ settings = {} }: ClusterFile): ClusterSettings {
    const read = Object.entries(settings).map(([name, value]) => {
      const memory = name === 'DefMemPerCPU' ? this.memory(value as Amount, ['settings', name]) : value;
      return [SETTING_KEYS[name], memory];
    });
    return { ...DEFAULT_SETTINGS, ...(Object.fromEntries(read) as Partial<ClusterSettings>) };
  }

  private hosts(text: string, path: Path): string[] {
    return this.parsed(() => parseHostList(text), path);
  }

  private memory(value: Amount, path: Path): number {
    return this.parsed(() => parseMemory(value).bytes, path);
  }

  private time(value: Amount | undefined, path: Path): number | null {
    return value === undefined ? null : this.parsed(() => parseTimeLimit(value), path);
  }

  private parsed<T>(parse: () => T, path: Path): T {
    return this.source.parsed(path, parse);
  }

  private error(path: Path, message: string): AfterokError {
    return this.source.error(path, message);
  }
}
