/** Numbers that are the same for the same seed. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
    // Seeds that follow one another must not begin alike.
    for (let n = 0; n < 4; n += 1) this.below(1);
  }

  /** A number from 0 on, below `limit`. */
  below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return (this.state / 2 ** 32) * limit;
  }

  between(least: number, limit: number): number {
    return least + this.below(limit - least);
  }

  /** A whole number from 0 on, below `limit`. */
  whole(limit: number): number {
    return Math.floor(this.below(limit));
  }

  chance(probability: number): boolean {
    return this.below(1) < probability;
  }
}
