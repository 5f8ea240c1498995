/** Shares of the tasks that a table of advice names. */
export const SHARES = [50, 90, 95, 99, 100] as const;

/** How the needs of completed tasks lie: `p100` is the largest. */
export type Percentiles = Record<`p${(typeof SHARES)[number]}`, number>;

/**
 * The smallest values that cover a share of the tasks (nearest rank: always a value that was observed).
 *
 * @returns null without any values
 */
export function percentiles(values: Iterable<number>): Percentiles | null {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return null;
  const at = (share: number) => sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? 0;
  return { p50: at(50), p90: at(90), p95: at(95), p99: at(99), p100: at(100) };
}
