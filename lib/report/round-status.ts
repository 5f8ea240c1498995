import type { ChainState, Checkpoint, Round, RoundResult } from '../chain/checkpoint.js';

/** How a round stands, in the words of the reports. */
export type RoundStatus =
  /** Its jobs and handlers are being submitted, held. */
  | 'SUBMITTING'
  /** In the queue or running, or being decided. */
  | 'RUNNING'
  /** sbatch refused it. */
  | 'BLOCKED'
  /** It needs a person: the fate of tasks is not known. */
  | 'STOPPED'
  /** Tasks of it went on to the next round, whatever became of the others. */
  | 'ESCALATING'
  /** Every task of it completed. */
  | 'COMPLETED'
  /** The last round: some tasks completed, the others are not run again. */
  | 'COMPLETED_WITH_FAILURES'
  /** The last round: no task completed, and none is run again. */
  | 'FAILED'
  /** The last round: some tasks failed at the highest level. */
  | 'EXHAUSTED'
  /** The last round: the chain has used what it may. */
  | 'CAPPED'
  | 'CANCELLED';

export function roundStatus({ state, rounds }: Checkpoint, round: Round): RoundStatus {
  const isLast = round === rounds.at(-1);
  if (round.result === null) return undecided(state, round);
  return decided(round.result, isLast && state === 'cancelled');
}

function undecided(state: ChainState, { phase }: Round): RoundStatus {
  switch (state) {
    case 'active':
      return phase === 'running' || phase === 'finished' ? 'RUNNING' : 'SUBMITTING';
    case 'blocked':
      return 'BLOCKED';
    case 'cancelled':
      return 'CANCELLED';
    case 'stopped':
    // A chain ends with the decision of its last round; one that has not is a person's to look at.
    case 'completed':
    case 'failed':
    case 'exhausted':
    case 'capped':
      return 'STOPPED';
    default:
      return state satisfies never;
  }
}

function decided({ buckets, failures }: RoundResult, cancelled: boolean): RoundStatus {
  const unproved = buckets.retrying !== '' || buckets.unknown !== '';
  if (!unproved && failures.length === 0) return 'COMPLETED';
  if (cancelled) return 'CANCELLED';
  if (buckets.retrying !== '') return 'ESCALATING';
  if (buckets.unknown !== '') return 'STOPPED';
  if (failures.some(({ cause }) => cause === 'capped')) return 'CAPPED';
  if (failures.some(({ cause }) => cause === 'exhausted')) return 'EXHAUSTED';
  return buckets.completed === '' ? 'FAILED' : 'COMPLETED_WITH_FAILURES';
}
