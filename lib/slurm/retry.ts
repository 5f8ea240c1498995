import { epochSeconds, pause as wait } from '../clock.js';
import { SlurmCommandError } from './command-error.js';

/** Bounds of repeated calls to a cluster that does not answer, in seconds. */
export interface RetryPolicy {
  /** First pause. */
  first: number;
  /** Longest pause: short enough to notice quickly that the controller is back. */
  cap: number;
  /** Give up after this long; the last error is thrown. */
  total: number;
}

/**
 * Pauses between attempts: doubling from `first` to `cap`, each drawn between half and the whole of it, so that
 * many handlers that lost the same controller do not come back at the same moment.
 */
export function* pauses(policy: RetryPolicy, random: () => number = Math.random): Generator<number> {
  for (let pause = policy.first; ; pause = Math.min(pause * 2, policy.cap))
    yield pause * (0.5 + random() / 2);
}

/**
 * Calls `attempt` until it succeeds, fails for good, or `policy.total` seconds have passed.
 *
 * @param onFailure called before every pause; what it throws ends the retrying. A caller whose command may have
 *   taken effect in spite of the failure checks that here.
 */
export async function retryTransient<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  onFailure: (error: SlurmCommandError) => Promise<void> | void = () => {},
): Promise<T> {
  const deadline = epochSeconds() + policy.total;
  for (const pause of pauses(policy)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SlurmCommandError) || !error.transient) throw error;
      if (epochSeconds() + pause > deadline) throw error;
      await onFailure(error);
    }
    await wait(pause);
  }
  throw new Error('unreachable: pauses never end');
}
