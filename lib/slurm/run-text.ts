import type { Run } from './array-spec.js';

/** Decimal digits of a whole number. */
export function digits(value: number): number {
  let length = 1;
  for (let bound = 10; value >= bound; bound *= 10) length += 1;
  return length;
}

/** Characters of a run and the comma after it. */
export function runCost(first: number, last: number, step: number): number {
  if (first === last) return digits(first) + 1;
  return digits(first) + digits(last) + (step === 1 ? 2 : 3 + digits(step));
}

/** Characters of a spec. */
export function textLength(runs: readonly Run[]): number {
  return runs.reduce((sum, { first, last, step }) => sum + runCost(first, last, step), -1);
}
