/** Seconds of work that a runner may have at hand before there is room for it. */
const AT_HAND = 0.1;

/** Jobs for each place that may be claimed beyond those that run, however short they are. */
const MOST_ROUNDS = 20;

/** How much the newest job counts. */
const WEIGHT = 0.2;

/** How long jobs have been lately: when they are very short, the next ones should be at hand when one ends. */
export class Pace {
  private average: number | null = null;

  jobEnded(seconds: number): void {
    this.average = this.average === null ? seconds : this.average * (1 - WEIGHT) + seconds * WEIGHT;
  }

  /** How many jobs for each place to claim when there is room for none. 0 unless jobs are very short. */
  get rounds(): number {
    if (this.average === null) return 0;
    return Math.floor(AT_HAND / Math.max(this.average, AT_HAND / MOST_ROUNDS));
  }
}
