/**
 * The scheduler's clock. With a time scale of 60 a minute of a time limit passes in a second; every time that the
 * commands print, and every pause that they mean, is on this clock. All processes of one state folder read the same.
 */
export interface Clock {
  /** Seconds since the epoch on the scheduler's clock. */
  now(): number;
  /** What this clock showed or will show at a moment of the machine's; milliseconds in, seconds out. */
  at(machineTime: number): number;
  /** Milliseconds of the machine that so many seconds of the scheduler take. */
  realMilliseconds(seconds: number): number;
}

/** @param origin when the clock was started, seconds since the epoch; until then it agrees with the machine's */
export function scaledClock(origin: number, scale: number): Clock {
  const at = (machineTime: number) => origin + (machineTime / 1000 - origin) * scale;
  return {
    now: () => at(Date.now()),
    at,
    realMilliseconds: (seconds) => (seconds / scale) * 1000,
  };
}
