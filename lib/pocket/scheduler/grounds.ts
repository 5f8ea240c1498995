import { formatHostList } from '../../slurm/host-list.js';
import type { Partition } from '../cluster.js';
import type { PocketState } from '../state/state.js';
import type { Demand } from './demand.js';
import { FreeNodes, type NodeWish, type Place } from './free-nodes.js';
import { preempt } from './preempt.js';

/** What a task asks of a partition. */
export interface Request {
  demand: Demand;
  wish: NodeWish;
  /** Seconds; Infinity for none. */
  timeLimit: number;
}

/** Where and when the first job that waits in a partition gets its room, at the latest. */
interface Reservation {
  at: number;
  nodes: ReadonlySet<string>;
}

/**
 * The cluster during one pass: what is free, and for whom nodes are kept. The first job in a partition that finds no
 * room gets a reservation; those behind it start only where they do not delay it (backfill).
 */
export class Grounds {
  private readonly free: FreeNodes;
  private readonly reservations = new Map<string, Reservation>();
  /** Partitions in which one waits, of whose reservation nobody has asked yet: mostly nobody does. */
  private readonly owed = new Map<Partition, Request>();

  constructor(
    private readonly state: PocketState,
    private readonly now: number,
  ) {
    this.free = FreeNodes.now(state);
  }

  /** Room in the first of the partitions that has it, which is taken then; or why the task waits. */
  claim(partitions: readonly Partition[], request: Request): Place | string {
    const away = this.free.unavailable(request.wish.wanted);
    if (away.length > 0) return `ReqNodeNotAvail, UnavailableNodes:${formatHostList(away)}`;
    this.reserveOwed();
    for (const partition of partitions) {
      const place = this.free.find(partition, request.demand, request.wish);
      if (place === null || this.delays(place, request.timeLimit)) continue;
      this.free.take(place);
      return place;
    }
    const behind = partitions.every(({ name }) => this.reservations.has(name));
    for (const partition of partitions) {
      if (this.reservations.has(partition.name)) continue;
      if (preempt(this.state, partition, request, this.free, this.now)) {
        this.reservations.set(partition.name, { at: this.now, nodes: new Set(partition.nodes) });
      } else this.owed.set(partition, request);
    }
    return behind ? 'Priority' : 'Resources';
  }

  private delays({ partition, nodes }: Place, timeLimit: number): boolean {
    const reservation = this.reservations.get(partition.name);
    if (reservation === undefined || this.now + timeLimit <= reservation.at) return false;
    return nodes.some((name) => reservation.nodes.has(name));
  }

  /** What is free has not changed since they were owed. */
  private reserveOwed(): void {
    if (this.owed.size === 0) return;
    const ends = endsInOrder(this.state, this.now);
    for (const [partition, request] of this.owed) {
      this.reservations.set(partition.name, this.reservation(partition, request, ends));
    }
    this.owed.clear();
  }

  /** Running tasks end at their limits at the latest; what then fits first is kept. */
  private reservation(partition: Partition, request: Request, ends: readonly Ending[]): Reservation {
    const future = this.free.copy();
    for (const run of ends) {
      future.give(run);
      const place = future.find(partition, request.demand, request.wish);
      if (place !== null) return { at: run.endsAt, nodes: new Set(place.nodes) };
    }
    // Nodes that are down, or more than there are: nobody needs to wait for that.
    return { at: Number.POSITIVE_INFINITY, nodes: new Set() };
  }
}

interface Ending {
  nodes: string[];
  cpus: number;
  memory: number;
  endsAt: number;
}

function endsInOrder(state: PocketState, now: number): Ending[] {
  const runs = state.sql<{ nodes: string; cpus: number; memory: number; endsAt: number | null }>(
    "SELECT nodes, cpus, memory, started_at + time_limit AS endsAt FROM task WHERE state = 'RUNNING'",
  );
  return runs
    .all()
    .map(({ nodes, cpus, memory, endsAt }) => {
      const names = nodes.split(',');
      return {
        nodes: names,
        cpus: cpus / names.length,
        memory,
        endsAt: Math.max(now, endsAt ?? Number.POSITIVE_INFINITY),
      };
    })
    .toSorted((a, b) => a.endsAt - b.endsAt);
}
