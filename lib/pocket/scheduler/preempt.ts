import type { Partition } from '../cluster.js';
import type { PocketState } from '../state/state.js';
import type { FreeNodes } from './free-nodes.js';
import type { Request } from './grounds.js';
import { beginEnding } from './transitions.js';

interface Victim {
  id: number;
  nodes: string[];
  cpus: number;
  memory: number;
  ending: string | null;
}

/**
 * Ends runs of partitions of a lower tier that admit it, the latest first, until there would be room. Those that are
 * being ended already count first: asked again, it ends no more than are needed.
 *
 * @returns whether there will be room that way; nothing is ended when not
 */
export function preempt(
  state: PocketState,
  partition: Partition,
  { demand, wish }: Request,
  free: FreeNodes,
  now: number,
): boolean {
  const victims = victimsOf(state, partition);
  if (victims.length === 0) return false;
  const future = free.copy();
  const chosen: Victim[] = [];
  for (const victim of victims) {
    future.give(victim);
    chosen.push(victim);
    const place = future.find(partition, demand, wish);
    if (place === null) continue;
    for (const { id, nodes } of chosen) {
      if (nodes.some((name) => place.nodes.includes(name)))
        beginEnding(state, id, { ending: 'PREEMPTED' }, now);
    }
    return true;
  }
  return false;
}

function victimsOf(state: PocketState, { priorityTier, nodes }: Partition): Victim[] {
  const lower = state.cluster.partitions.filter(
    (other) => other.preempt !== 'off' && other.priorityTier < priorityTier,
  );
  if (lower.length === 0) return [];
  const names = JSON.stringify(lower.map(({ name }) => name));
  const runs = state.sql<{ id: number; nodes: string; cpus: number; memory: number; ending: string | null }>(
    `SELECT id, nodes, cpus, memory, ending FROM task
     WHERE state = 'RUNNING' AND partition IN (SELECT value FROM json_each(?))
     ORDER BY ending IS NULL, started_at DESC, id DESC`,
  );
  return runs
    .all(names)
    .map((run) => {
      const own = run.nodes.split(',');
      return { ...run, nodes: own, cpus: run.cpus / own.length };
    })
    .filter((run) => run.nodes.some((name) => nodes.includes(name)));
}
