import type { SignalScope } from '../executor.js';
import type { TaskTarget } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import { orderSignal } from './signals.js';
import { type Member, members } from './targets.js';
import { beginEnding, endPending } from './transitions.js';
import { restOf } from './waiting-tasks.js';

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
    const found = targets.flatMap((target) => members(state, target, now));
    const reached = found.filter((task) => cancelOne(state, task, uid, now));
    hideFromRest(state, reached);
    return reached.length;
  });
}

function cancelOne(
  state: PocketState,
  { id, state: word, ending }: Member,
  uid: number,
  now: number,
): boolean {
  if (word === 'PENDING') return endPending(state, id, { state: 'CANCELLED', cancelledBy: uid }, now);
  if (ending === 'REQUEUED') return forgoRequeue(state, id, uid);
  return beginEnding(state, id, { ending: 'CANCELLED', cancelledBy: uid }, now);
}

/** A pending rest that is cancelled as a whole leaves a record, a task out of it none. */
function hideFromRest(state: PocketState, cancelled: readonly Member[]): void {
  const ofRest = cancelled.filter(({ rawId, state: word }) => rawId === null && word === 'PENDING');
  const goesOn = new Map<number, boolean>();
  for (const { id, job } of ofRest) {
    if (!goesOn.has(job)) goesOn.set(job, restOf(state, job, 1).length > 0);
    if (goesOn.get(job)) state.sql('UPDATE task SET trace = 0 WHERE id = ?').run(id);
  }
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
