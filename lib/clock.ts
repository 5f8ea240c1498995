import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the program sees it. */
export interface Clock {
  /** Seconds since the epoch. */
  now(): number;
  sleep(seconds: number): Promise<void>;
}

const MACHINE: Clock = {
  now: () => Date.now() / 1000,
  sleep: async (seconds) => void (await sleep(seconds * 1000)),
};

const current = new AsyncLocalStorage<Clock>();

/** Runs `work`, and all that it starts, on another clock: tests of hours of waiting take no time. */
export function withClock<T>(clock: Clock, work: () => T): T {
  return current.run(clock, work);
}

export function epochSeconds(): number {
  return (current.getStore() ?? MACHINE).now();
}

/** Waits so many seconds. */
export async function pause(seconds: number): Promise<void> {
  await (current.getStore() ?? MACHINE).sleep(seconds);
}
