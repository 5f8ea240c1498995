import { readerEnv, runSlurm } from './command.js';
import { parseDuration } from './duration.js';
import { rowOrNone } from './row-or-none.js';

/** Nodes of one partition that are alike. */
export interface PartitionNodes {
  partition: string;
  /** The partition that jobs without --partition go to. */
  isDefault: boolean;
  /** False for a partition that is down, drained or inactive. */
  up: boolean;
  /** Longest time limit, in seconds; Infinity for none. */
  maxTime: number;
  /** Bytes of memory of each node. */
  memory: number;
  cpus: number;
  /** How many nodes. */
  nodes: number;
  /** Their names as Slurm prints them (`d[1-10]`). */
  nodeList: string;
}

const FORMAT = '%P|%a|%l|%m|%c|%D|%N';

/** The cluster's partitions, one row for each kind of node in each. */
export async function sinfo(env: NodeJS.ProcessEnv): Promise<PartitionNodes[]> {
  return parsePartitions(await runSlurm(['sinfo', '-h', '-e', '-o', FORMAT], { env: readerEnv(env) }));
}

/** Rows of `sinfo -h -e -o '%P|%a|%l|%m|%c|%D|%N'`. */
export function parsePartitions(stdout: string): PartitionNodes[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^([\w.-]+)(\*?)\|(\w+)\|([^|]+)\|(\d+)\+?\|(\d+)\+?\|(\d+)\|(.*)$/.exec(line.trim());
    if (match === null) return [];
    const [, partition = '', star, availability, limit = '', memory, cpus, nodes, nodeList = ''] = match;
    return rowOrNone(() => ({
      partition,
      isDefault: star === '*',
      up: availability === 'up',
      maxTime: parseDuration(limit),
      memory: Number(memory) * 2 ** 20,
      cpus: Number(cpus),
      nodes: Number(nodes),
      nodeList,
    }));
  });
}
