import type { Capacity } from './machine.js';

/** What one job asks for. */
export interface Needs {
  cpus: number;
  memoryBytes: number;
  gpus: number;
  nodes: number;
}

/** What one job was given, to be given back. */
export interface Grant {
  needs: Needs;
  gpus: readonly string[];
}

/** What a runner has left: the books of processors, memory, GPUs and nodes. */
export class ResourcePool {
  private cpus: number;
  private memoryBytes: number;
  private nodes: number;
  private readonly gpus: string[];
  private grants = 0;

  constructor(readonly capacity: Capacity) {
    this.cpus = capacity.cpus;
    this.memoryBytes = capacity.memoryBytes;
    this.nodes = capacity.nodes;
    this.gpus = [...capacity.gpus];
  }

  get free(): Needs {
    return { cpus: this.cpus, memoryBytes: this.memoryBytes, gpus: this.gpus.length, nodes: this.nodes };
  }

  /**
   * Takes what a job needs. A job that fits into nothing has been given to this runner all the same, as its
   * requirements were changed meanwhile: it gets all there is once nothing else runs.
   *
   * @returns null while there is not enough
   */
  take(needs: Needs): Grant | null {
    if (!this.fits(needs) && this.grants > 0) return null;
    this.cpus -= needs.cpus;
    this.memoryBytes -= needs.memoryBytes;
    this.nodes -= nodesTaken(needs);
    this.grants += 1;
    return { needs, gpus: this.gpus.splice(0, needs.gpus) };
  }

  give({ needs, gpus }: Grant): void {
    this.cpus += needs.cpus;
    this.memoryBytes += needs.memoryBytes;
    this.nodes += nodesTaken(needs);
    this.grants -= 1;
    // In the order of the machine, so that the same few are used while there is little to do.
    this.gpus.push(...gpus);
    this.gpus.sort((a, b) => this.capacity.gpus.indexOf(a) - this.capacity.gpus.indexOf(b));
  }

  private fits(needs: Needs): boolean {
    const { free } = this;
    return (
      needs.cpus <= free.cpus &&
      needs.memoryBytes <= free.memoryBytes &&
      needs.gpus <= free.gpus &&
      nodesTaken(needs) <= free.nodes
    );
  }
}

/** Jobs of one node share nodes; the server counts likewise. */
function nodesTaken({ nodes }: Needs): number {
  return nodes > 1 ? nodes : 0;
}
