import type { TaskNeed } from './task-need.js';
import { type Rung, trial, trialSeconds } from './trial.js';

/** What makes core-hours and GB-hours one number, so that ladders can be compared. */
export interface Prices {
  /** So many GB of memory are worth as much as one core. */
  gbPerCore: number;
  /**
   * What a second of the time limit that is not used is worth, beside a second that is used. It takes nothing from
   * anybody, but a job with a long limit starts later.
   */
  reserved: number;
}

/** A cluster node has some 4 GB of memory a core. */
export const DEFAULT_PRICES: Prices = { gbPerCore: 4, reserved: 0.05 };

/** The price of letting a task run at a rung, in core-seconds. */
export function priceAt(need: TaskNeed, rung: Rung, prices: Prices): number {
  const elapsed = trialSeconds(need, rung);
  const unused = Number.isFinite(rung.time) ? rung.time - elapsed : 0;
  const memory = Number.isFinite(rung.mem) ? rung.mem / 2 ** 30 / prices.gbPerCore : 0;
  return (elapsed + prices.reserved * unused) * (need.cpus + memory);
}

/** The price of a ladder on which what runs out of memory or time climbs, whatever else its policy says. */
export function ladderPrice(needs: readonly TaskNeed[], rungs: readonly Rung[], prices: Prices): number {
  let price = 0;
  for (const need of needs) {
    for (const rung of rungs) {
      price += priceAt(need, rung, prices);
      const { end } = trial(need, rung);
      if (end !== 'out_of_memory' && end !== 'timeout') break;
    }
  }
  return price;
}
