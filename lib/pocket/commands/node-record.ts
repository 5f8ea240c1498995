import { nodeRows } from '../state/queries.js';
import type { PocketState } from '../state/state.js';

/** A node as sinfo and scontrol show it. */
export interface NodeRecord {
  name: string;
  cpus: number;
  /** Bytes. */
  memory: number;
  usedCpus: number;
  usedMemory: number;
  /** `idle`, `mixed`, `allocated`, `drained`, `draining`, `down`. */
  state: string;
  /** The same as sinfo's `%t` has it. */
  shortState: string;
  reason: string | null;
  changedAt: number;
}

const SHORT: Readonly<Record<string, string>> = {
  idle: 'idle',
  mixed: 'mix',
  allocated: 'alloc',
  drained: 'drain',
  draining: 'drng',
  down: 'down',
};

/** All nodes, in the order of the cluster file. */
export function nodeRecords(state: PocketState): NodeRecord[] {
  const hardware = new Map(state.cluster.nodes.map((node) => [node.name, node]));
  return nodeRows(state).map(({ name, state: set, reason, changedAt, allocatedCpus, allocatedMemory }) => {
    const { cpus, memory } = hardware.get(name) ?? { cpus: 0, memory: 0 };
    const long = stateOf(set, allocatedCpus, cpus);
    return {
      name,
      cpus,
      memory,
      usedCpus: allocatedCpus,
      usedMemory: allocatedMemory,
      state: long,
      shortState: SHORT[long] ?? long,
      reason,
      changedAt,
    };
  });
}

function stateOf(set: 'UP' | 'DRAIN' | 'DOWN', used: number, cpus: number): string {
  if (set === 'DOWN') return 'down';
  if (set === 'DRAIN') return used > 0 ? 'draining' : 'drained';
  if (used === 0) return 'idle';
  return used < cpus ? 'mixed' : 'allocated';
}
