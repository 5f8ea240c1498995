import { Refusal } from '../refusal.js';
import type { TaskTarget } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import { facts } from './job-facts.js';
import { someMembers } from './targets.js';
import { beginEnding, requeueEnded } from './transitions.js';

/**
 * `scontrol requeue`: what runs is ended and waits again, what has ended waits again.
 *
 * @throws Refusal when the job is unknown, waits, or was submitted with --no-requeue
 */
export function requeue(state: PocketState, target: TaskTarget, now: number): void {
  state.write(() => {
    const tasks = someMembers(state, target, now);
    const begun = tasks.filter(({ state: word }) => word !== 'PENDING');
    const [first] = begun;
    if (first === undefined) throw new Refusal('Job is pending execution');
    if (!facts(state, first.job).requeue) throw new Refusal('Requested operation is presently disabled');
    for (const { id, state: word } of begun) {
      if (word === 'RUNNING') beginEnding(state, id, { ending: 'REQUEUED' }, now);
      else requeueEnded(state, id, 'REQUEUED', now);
    }
  });
}
