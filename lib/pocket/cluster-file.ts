import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { AfterokError } from '../errors.js';
import { nearest } from '../nearest.js';
import { PACKAGE_ROOT } from '../package-root.js';
import { PositionedYaml } from '../positioned-yaml.js';
import { parseTimeLimit } from '../slurm/duration.js';
import { FormatError } from '../slurm/format-error.js';
import { parseHostList } from '../slurm/host-list.js';
import { parseMemory } from '../slurm/memory-size.js';
import type { Cluster, ClusterNode, ClusterSettings, Partition } from './cluster.js';

type Path = readonly (string | number)[];
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
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as Error).message;
    throw new AfterokError('bad-cluster', `cannot read cluster ${file}: ${reason}`, null, { cause: error });
  }
  return parseCluster(text, file);
}

/** @throws AfterokError like readClusterFile; `file` is for messages alone */
export function parseCluster(text: string, file: string): Cluster {
  const source = PositionedYaml.parse(text);
  if (!(source instanceof PositionedYaml)) {
    const { line, column } = source.position;
    throw new AfterokError('bad-cluster', `${file}:${line}:${column}: ${source.message}`);
  }
  const reader = new ClusterReader(file, source);
  return reader.read(reader.checked(source.value));
}

class ClusterReader {
  constructor(
    private readonly file: string,
    private readonly source: PositionedYaml,
  ) {}

  checked(value: unknown): ClusterFile {
    const schema = readFileSync(`${PACKAGE_ROOT}config/schemas/pocket-cluster.schema.json`, 'utf8');
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true });
    const validate = ajv.compile<ClusterFile>(JSON.parse(schema) as object);
    if (validate(value)) return value;
    const problem =
      validate.errors?.find((error) => error.keyword !== 'propertyNames') ?? validate.errors?.[0];
    if (problem === undefined) throw new Error('ajv reported no error');
    const { path, message } = explain(problem);
    throw this.error(path, message);
  }

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
    try {
      return parse();
    } catch (error) {
      if (error instanceof FormatError) throw this.error(path, error.message);
      throw error;
    }
  }

  private error(path: Path, message: string): AfterokError {
    const { line, column } = this.source.positionOf(path);
    return new AfterokError('bad-cluster', `${this.file}:${line}:${column}: ${path.join('.')}: ${message}`);
  }
}

/** What a schema error means to the person who wrote the file. */
function explain(error: ErrorObject): { path: Path; message: string } {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = Object.keys((error.parentSchema as { properties: object }).properties);
      return { path: [...path, key], message: `unknown key; did you mean "${nearest(key, known)}"?` };
    }
    case 'required':
      return { path, message: `missing "${String(error.params.missingProperty)}"` };
    default:
      return { path, message: `${error.message ?? 'invalid'}; found ${JSON.stringify(error.data)}` };
  }
}
