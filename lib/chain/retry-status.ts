import type { JobState } from '../slurm/job-state.js';
import type { Checkpoint, FailureGroup } from './checkpoint.js';
import { size } from './index-set.js';
import { budgetOf, budgetOfFailure, type RetryBudget } from './retry-budget.js';

/** How often tasks of a chain were run again at their level after one state that is counted apart. */
export interface RetryStatus {
  state: JobState;
  count: number;
  /** What each task is allowed; `duration` in seconds. */
  budget: RetryBudget;
}

export function retryRows({ rounds, ladder }: Checkpoint): RetryStatus[] {
  const counts = new Map<JobState, number>();
  for (const { state, count } of rounds.flatMap(({ result }) => result?.retries ?? []))
    counts.set(state, (counts.get(state) ?? 0) + count);
  return [...counts].map(([state, count]) => ({ state, count, budget: budgetOf(state, ladder) }));
}

/** A failure as status and report tell it: with its round, and the budget that was used up, if that is its cause. */
export type ToldFailure = FailureGroup & { round: number; budget: RetryBudget | null };

export function toldFailures(
  { ladder }: Checkpoint,
  round: number,
  failures: readonly FailureGroup[],
): ToldFailure[] {
  return failures.map((group) => ({ round, ...group, budget: budgetOfFailure(group, ladder) }));
}

/** Tasks of a round that ran out of memory and count as completed, since their script exited with 0. */
export interface WarnedTasks {
  round: number;
  tasks: string;
  count: number;
}

export function warnedRows({ rounds }: Checkpoint): WarnedTasks[] {
  return rounds.flatMap(({ number, result }) =>
    result === null || result.warned === ''
      ? []
      : [{ round: number, tasks: result.warned, count: size(result.warned) }],
  );
}
