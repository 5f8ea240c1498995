import type { Cluster } from '../../lib/pocket/cluster.js';

const GIGABYTE = 2 ** 30;

/** A small cluster with two partitions; `MaxArraySize` and `MinJobAge` are drawn for every history. */
export function machines(settings: { maxArraySize: number; minJobAge: number }): Cluster {
  const small = ['s1', 's2', 's3', 's4'];
  const big = ['b1', 'b2'];
  return {
    name: 'virtual',
    nodes: [
      ...small.map((name) => ({ name, cpus: 4, memory: 2 * GIGABYTE })),
      ...big.map((name) => ({ name, cpus: 8, memory: 16 * GIGABYTE })),
    ],
    partitions: [
      {
        name: 'small',
        nodes: small,
        isDefault: true,
        maxTime: 600,
        defaultTime: 600,
        priorityTier: 1,
        preempt: 'off',
      },
      {
        name: 'big',
        nodes: big,
        isDefault: false,
        maxTime: 3600,
        defaultTime: 3600,
        priorityTier: 1,
        preempt: 'off',
      },
    ],
    settings: {
      maxArraySize: settings.maxArraySize,
      maxJobCount: 10_000,
      minJobAge: settings.minJobAge,
      killWait: 30,
      defMemPerCpu: 256 * 2 ** 20,
      enforcePartLimits: false,
      jobRequeue: true,
      requeueDelay: 121,
    },
  };
}
