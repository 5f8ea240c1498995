import type { SignalScope } from '../executor.js';
import type { TaskTarget } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import { orderSignal } from './signals.js';
import { members } from './targets.js';
import { beginEnding, endPending } from './transitions.js';

/**
 * scancel: what waits ends at once, what runs is told to. Targets that are unknown or have ended are passed over.
 *
 * @returns how many tasks it reached
 */
export function cancel(
  state: PocketState,
  targets: readonly TaskTarget[],
  { uid, now }: { uid: number; now: number },
): number {
  return state.write(() => {
    let reached = 0;
    for (const target of targets) {
      for (const { id, state: word, ending } of members(state, target, now)) {
        const done =
          word === 'PENDING'
            ? endPending(state, id, { state: 'CANCELLED', cancelledBy: uid }, now)
            : ending === 'REQUEUED'
              ? forgoRequeue(state, id, uid)
              : beginEnding(state, id, { ending: 'CANCELLED', cancelledBy: uid }, now);
        if (done) reached += 1;
      }
    }
    return reached;
  });
}

/** The run is being ended already; it is not to come again. */
function forgoRequeue(state: PocketState, task: number, uid: number): boolean {
  const { changes } = state
    .sql("UPDATE task SET ending = 'CANCELLED', cancelled_by = ? WHERE id = ? AND ending = 'REQUEUED'")
    .run(uid, task);
  return changes > 0;
}

/**
 * `scancel --signal`: KILL too ends a task only by what its processes do.
 *
 * @returns how many runs it is sent to
 */
export function signal(
  state: PocketState,
  targets: readonly TaskTarget[],
  order: { signal: number; scope: SignalScope },
  now: number,
): number {
  return state.write(() => {
    const running = targets
      .flatMap((target) => members(state, target, now))
      .filter(({ state: word }) => word === 'RUNNING');
    for (const { id } of running) orderSignal(state, id, order.signal, order.scope);
    return running.length;
  });
}
