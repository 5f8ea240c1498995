import type { Checkpoint, FailureCause, TaskOutcome } from '../chain/checkpoint.js';
import { type ToldFailure, toldFailures } from '../chain/retry-status.js';
import { expand, parseArraySpec } from '../slurm/array-spec.js';
import type { ExitCode } from '../slurm/exit-code.js';

/** The tasks that failed and are not run again. */
export interface FailedTasks {
  total: number;
  /** How many for each cause that there is. */
  causes: { cause: FailureCause; count: number }[];
  /** Tasks that failed in the same way in the same round; `tasks` is an array spec. */
  groups: ToldFailure[];
  /** One by one, by index; null unless asked for. */
  details: FailedTask[] | null;
}

/** The final attempt of a task. */
export interface FailedTask {
  index: number;
  round: number;
  cause: FailureCause;
  /** `806_3`; null, as the rest, when the evidence is gone. */
  job: string | null;
  state: string;
  /** As sacct printed it: a code from 128 on may have lost 128. */
  exit: ExitCode;
  node: string | null;
  /** Seconds. */
  elapsed: number | null;
}

/** The order in which causes are reported. */
const CAUSES: readonly FailureCause[] = [
  'no_retry',
  'exhausted',
  'retry_limit',
  'retry_duration',
  'capped',
  'cancelled',
];

/** @param outcomesOf null when the tasks are not wanted one by one */
export function failedTasks(
  checkpoint: Checkpoint,
  outcomesOf: ((round: number) => TaskOutcome[]) | null,
): FailedTasks {
  const groups = checkpoint.rounds.flatMap(({ number, result }) =>
    toldFailures(checkpoint, number, result?.failures ?? []),
  );
  const countOf = (cause: FailureCause) =>
    groups.reduce((sum, group) => sum + (group.cause === cause ? group.count : 0), 0);
  return {
    total: groups.reduce((sum, group) => sum + group.count, 0),
    causes: CAUSES.map((cause) => ({ cause, count: countOf(cause) })).filter(({ count }) => count > 0),
    groups,
    details: outcomesOf === null ? null : detailsOf(groups, outcomesOf),
  };
}

function detailsOf(
  groups: FailedTasks['groups'],
  outcomesOf: (round: number) => TaskOutcome[],
): FailedTask[] {
  const tasks: FailedTask[] = [];
  for (const round of new Set(groups.map((group) => group.round))) {
    const outcomes = new Map(outcomesOf(round).map((outcome) => [outcome.index, outcome]));
    for (const { cause, state, exit, tasks: indices } of groups.filter((group) => group.round === round)) {
      for (const index of expand(parseArraySpec(indices))) {
        const { job = null, node = null, elapsed = null } = outcomes.get(index) ?? {};
        tasks.push({ index, round, cause, job, state, exit, node, elapsed });
      }
    }
  }
  return tasks.sort((a, b) => a.index - b.index);
}
