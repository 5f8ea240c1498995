/** Jobs that take less than this are over before the next could be claimed, seconds. */
const SHORT = 0.2;

/** How much the newest job counts. */
const WEIGHT = 0.2;

/** Whether jobs have been so short lately that the next ones should be at hand when one ends. */
export class Pace {
  private average: number | null = null;

  jobEnded(seconds: number): void {
    this.average = this.average === null ? seconds : this.average * (1 - WEIGHT) + seconds * WEIGHT;
  }

  get isQuick(): boolean {
    return this.average !== null && this.average < SHORT;
  }
}
