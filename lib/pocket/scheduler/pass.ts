import type { Launch } from '../executor.js';
import type { PocketState } from '../state/state.js';
import { Alarm } from './alarm.js';
import { placePending } from './place-pending.js';
import { runsDue } from './runs-due.js';
import { type SignalOrder, takeSignals } from './signals.js';

export interface Pass {
  /** Runs to start now. They count as running from here on: if the process is killed first, recover() names them. */
  launches: Launch[];
  /** To be sent in this order. */
  signals: SignalOrder[];
  /** When something is due next, on the scheduler's clock; null when only a change of the state can make it so. */
  wakeAt: number | null;
}

/**
 * Everything that is due: time limits, signals, dependencies that are fulfilled, tasks for which there is room. Call it
 * after every change, and when it said to; calling it more often does nothing.
 */
export function pass(state: PocketState, now: number): Pass {
  return state.write(() => {
    const alarm = new Alarm(now);
    runsDue(state, now, alarm);
    const launches = placePending(state, now, alarm);
    return { launches, signals: takeSignals(state), wakeAt: alarm.at };
  });
}
