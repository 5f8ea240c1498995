import type { JobState } from '../../slurm/job-state.js';
import { ALL_OF_NODE } from '../../slurm/memory-size.js';
import type { Checkpoint, TaskOutcome } from '../checkpoint.js';
import { verdict } from '../decide.js';
import { indices } from '../index-set.js';
import type { StatePolicy } from '../ladder.js';

/**
 * What the end of an attempt says of the task's needs. `failed`: the program ended by itself, badly. `other`: nothing,
 * as when a node went down or somebody cancelled it.
 */
export type AttemptEnd = 'completed' | 'out_of_memory' | 'timeout' | 'failed' | 'other';

/** One attempt of a task, from a chain or from a file of history. */
export interface Attempt {
  index: number;
  /** The level that it ran at; null when it is not of a chain. */
  level: number | null;
  end: AttemptEnd;
  /** Bytes that it had been given; Infinity for all of a node, null where that is not known. */
  mem: number | null;
  /** Seconds that it ran. */
  elapsed: number;
  /** Bytes, sampled: too low after an OOM, null for what was too short to be sampled. */
  maxRss: number | null;
  cpus: number;
}

/** How an attempt ended. A code that the policy escalates is a failure for want of something: memory, most likely. */
export function attemptEnd(outcome: Pick<TaskOutcome, 'state' | 'exit'>, policy: StatePolicy): AttemptEnd {
  switch (outcome.state as JobState | 'UNKNOWN') {
    case 'COMPLETED':
      return 'completed';
    case 'OUT_OF_MEMORY':
      return 'out_of_memory';
    case 'TIMEOUT':
      return 'timeout';
    case 'FAILED':
      return verdict({ ...outcome, terminal: true, scriptExit: null }, policy, 'retry') === 'escalate'
        ? 'out_of_memory'
        : 'failed';
    default:
      return 'other';
  }
}

/**
 * Every attempt of a chain that has ended, in the order of rounds.
 *
 * @param outcomesOf the outcomes of a round, as readOutcomes gives them; none for a round that has not finished
 */
export function chainAttempts(
  { rounds, ladder }: Checkpoint,
  outcomesOf: (round: number) => readonly TaskOutcome[],
): Attempt[] {
  return rounds.flatMap((round) => {
    const levels = new Map<number, number>();
    for (const job of round.jobs) for (const index of indices(job.indices)) levels.set(index, job.level);
    return outcomesOf(round.number)
      .filter((outcome) => outcome.terminal)
      .map((outcome) => {
        const level = levels.get(outcome.index) ?? null;
        const asked = level === null ? undefined : ladder.levels[level];
        const mem = asked?.mem ?? null;
        return {
          index: outcome.index,
          level,
          end: attemptEnd(outcome, ladder.policy),
          mem: mem === ALL_OF_NODE ? Number.POSITIVE_INFINITY : mem,
          elapsed: outcome.elapsed,
          maxRss: outcome.maxRss,
          cpus: outcome.cpus ?? asked?.cpus ?? 1,
        };
      });
  });
}
