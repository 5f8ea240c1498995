import type { PocketState } from '../state/state.js';
import { nodeRows, runningTasks } from '../state/queries.js';

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
  const rows = new Map(nodeRows(state).map((row) => [row.name, row]));
  const running = runningTasks(state);
  return state.cluster.nodes.map(({ name, cpus, memory }) => {
    const row = rows.get(name);
    const here = running.filter(({ nodes }) => nodes.includes(name));
    const usedCpus = here.reduce((sum, task) => sum + task.cpus, 0);
    const usedMemory = here.reduce((sum, task) => sum + task.memory, 0);
    const long = stateOf(row?.state ?? 'UP', usedCpus, cpus);
    return {
      name,
      cpus,
      memory,
      usedCpus,
      usedMemory,
      state: long,
      shortState: SHORT[long] ?? long,
      reason: row?.reason ?? null,
      changedAt: row?.changedAt ?? 0,
    };
  });
}

function stateOf(set: 'UP' | 'DRAIN' | 'DOWN', used: number, cpus: number): string {
  if (set === 'DOWN') return 'down';
  if (set === 'DRAIN') return used > 0 ? 'draining' : 'drained';
  if (used === 0) return 'idle';
  return used < cpus ? 'mixed' : 'allocated';
}
