/** The earliest of the moments at which something is due. */
export class Alarm {
  at: number | null = null;

  constructor(private readonly now: number) {}

  /** Moments that have passed are no reason to wake: what was due then has been done. */
  wakeAt(moment: number | null | undefined): void {
    if (moment === null || moment === undefined || moment <= this.now || moment === Number.POSITIVE_INFINITY)
      return;
    this.at = Math.min(this.at ?? moment, moment);
  }
}
