/**
 * The scheduler's clock. With a time scale of 60 a minute of a time limit passes in a second; every time that the
 * commands print, and every pause that they mean, is on this clock. All processes of one state folder read the same.
 */
export interface Clock {
  /** Seconds since the epoch on the scheduler's clock. */
  now(): number;
  /** Milliseconds of the machine that so many seconds of the scheduler take. */
  realMilliseconds(seconds: number): number;
}

/** @param origin when the clock was started, seconds since the epoch; until then it agrees with the machine's */
export function scaledClock(origin: number, scale: number): Clock {
  return {
    now: () => origin + (Date.now() / 1000 - origin) * scale,
    realMilliseconds: (seconds) => (seconds / scale) * 1000,
  };
}
