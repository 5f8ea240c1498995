/** Edges by job, packed: those of job i are `targets` from `starts[i]` to before `starts[i + 1]`. */
export class Adjacency {
  constructor(
    readonly starts: Uint32Array,
    readonly targets: Uint32Array,
  ) {}

  get jobs(): number {
    return this.starts.length - 1;
  }

  get edges(): number {
    return this.targets.length;
  }

  /** The other ends of a job's edges: a view, not a copy. */
  of(job: number): Uint32Array {
    return this.targets.subarray(this.starts[job], this.starts[job + 1]);
  }

  count(job: number): number {
    return (this.starts[job + 1] ?? 0) - (this.starts[job] ?? 0);
  }

  /** The same edges from their other ends. Each job's come out ascending, whatever order they had here. */
  reversed(): Adjacency {
    const starts = new Uint32Array(this.starts.length);
    for (const target of this.targets) starts[target + 1] = (starts[target + 1] ?? 0) + 1;
    for (let job = 0; job < this.jobs; job += 1)
      starts[job + 1] = (starts[job + 1] ?? 0) + (starts[job] ?? 0);
    const next = starts.slice();
    const targets = new Uint32Array(this.edges);
    for (let job = 0; job < this.jobs; job += 1) {
      for (const target of this.of(job)) {
        const place = next[target] ?? 0;
        targets[place] = job;
        next[target] = place + 1;
      }
    }
    return new Adjacency(starts, targets);
  }
}
