import type { Partition } from '../cluster.js';
import type { PocketState } from '../state/state.js';
import type { Demand } from './demand.js';

interface Room {
  name: string;
  up: boolean;
  cpus: number;
  memory: number;
  allCpus: number;
  allMemory: number;
}

/** What a task gets: nodes, and on each of them CPUs and memory. */
export interface Place {
  partition: Partition;
  nodes: string[];
  cpus: number;
  memory: number;
}

/** What is free on the nodes at one moment of a pass; taking changes it. */
export class FreeNodes {
  private readonly rooms = new Map<string, Room>();

  private constructor() {}

  /** What the tasks that run have left. */
  static now(state: PocketState): FreeNodes {
    const free = new FreeNodes();
    const up = new Set(
      state
        .sql<{ name: string }>("SELECT name FROM node WHERE state = 'UP'")
        .all()
        .map(({ name }) => name),
    );
    for (const { name, cpus, memory } of state.cluster.nodes) {
      free.rooms.set(name, { name, up: up.has(name), cpus, memory, allCpus: cpus, allMemory: memory });
    }
    const running = state.sql<{ nodes: string; cpus: number; memory: number }>(
      "SELECT nodes, sum(cpus) AS cpus, sum(memory) AS memory FROM task WHERE state = 'RUNNING' GROUP BY nodes",
    );
    for (const { nodes, cpus, memory } of running.all()) {
      const names = nodes.split(',');
      free.change(names, -cpus / names.length, -memory);
    }
    return free;
  }

  /** The same room, to be changed on trial. */
  copy(): FreeNodes {
    const copy = new FreeNodes();
    for (const [name, room] of this.rooms) copy.rooms.set(name, { ...room });
    return copy;
  }

  /** The first nodes of the partition, in the order of the file, with room for it; null when it does not fit now. */
  find(partition: Partition, demand: Demand, nodes: NodeWish): Place | null {
    const fitting = this.fitting(partition, demand, nodes);
    const isWanted = ({ name }: Room) => nodes.wanted.includes(name);
    const chosen = fitting
      .toSorted((a, b) => Number(isWanted(b)) - Number(isWanted(a)))
      .slice(0, demand.nodes);
    const wantedAll = nodes.wanted.every((name) => chosen.some((room) => room.name === name));
    const [first] = chosen;
    if (first === undefined || chosen.length < demand.nodes || !wantedAll) return null;
    const whole = demand.exclusive;
    return {
      partition,
      nodes: chosen.map(({ name }) => name),
      cpus: whole ? first.allCpus : demand.cpus,
      memory: whole || demand.memory === 0 ? first.allMemory : demand.memory,
    };
  }

  /** Those of the wanted nodes that take no jobs now. */
  unavailable(wanted: readonly string[]): string[] {
    return wanted.filter((name) => this.rooms.get(name)?.up === false);
  }

  take({ nodes, cpus, memory }: Place): void {
    this.change(nodes, -cpus, -memory);
  }

  give({ nodes, cpus, memory }: Pick<Place, 'nodes' | 'cpus' | 'memory'>): void {
    this.change(nodes, cpus, memory);
  }

  private fitting(partition: Partition, demand: Demand, { excluded }: NodeWish): Room[] {
    return partition.nodes.flatMap((name) => {
      const room = this.rooms.get(name);
      if (room === undefined || !room.up || excluded.includes(name)) return [];
      const cpus = demand.exclusive ? room.allCpus : demand.cpus;
      const memory = demand.exclusive || demand.memory === 0 ? room.allMemory : demand.memory;
      return room.cpus >= cpus && room.memory >= memory && cpus >= demand.cpus && memory >= demand.memory
        ? [room]
        : [];
    });
  }

  private change(nodes: readonly string[], cpus: number, memory: number): void {
    for (const name of nodes) {
      const room = this.rooms.get(name);
      if (room === undefined) continue;
      room.cpus += cpus;
      room.memory += memory;
    }
  }
}

export interface NodeWish {
  /** Must all be among them. */
  wanted: readonly string[];
  excluded: readonly string[];
}
