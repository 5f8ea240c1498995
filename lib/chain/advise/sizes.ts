const MEGABYTE = 2 ** 20;
const GIGABYTE = 2 ** 30;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Up to how much, rounded to multiples of what: sizes that a person would write. */
type Steps = readonly (readonly [upTo: number, step: number])[];

const MEMORY_STEPS: Steps = [
  [GIGABYTE, 128 * MEGABYTE],
  [4 * GIGABYTE, 512 * MEGABYTE],
  [16 * GIGABYTE, GIGABYTE],
  [64 * GIGABYTE, 4 * GIGABYTE],
  [256 * GIGABYTE, 16 * GIGABYTE],
  [Number.POSITIVE_INFINITY, 64 * GIGABYTE],
];

const TIME_STEPS: Steps = [
  [10 * MINUTE, MINUTE],
  [HOUR, 5 * MINUTE],
  [6 * HOUR, 30 * MINUTE],
  [DAY, HOUR],
  [7 * DAY, 6 * HOUR],
  [Number.POSITIVE_INFINITY, DAY],
];

/** Bytes, rounded up to a size that a person would write: 128M, 3G, 48G. */
export function sensibleMemory(bytes: number): number {
  return roundUp(bytes, MEMORY_STEPS);
}

/** Seconds, rounded up to a limit that a person would write: whole minutes, half hours, days. */
export function sensibleTime(seconds: number): number {
  return roundUp(seconds, TIME_STEPS);
}

function roundUp(value: number, steps: Steps): number {
  const step = steps.find(([upTo]) => value <= upTo)?.[1] ?? 1;
  return Math.max(1, Math.ceil(value / step)) * step;
}
