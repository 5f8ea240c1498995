import { compress } from '../slurm/array-cover.js';
import { formatDuration } from '../slurm/duration.js';
import type { JobState } from '../slurm/job-state.js';
import type { FailureCause, FailureGroup, Round, TaskOutcome } from './checkpoint.js';
import { difference, type IndexSet, indices } from './index-set.js';

/** How often a task is run again at one level after one kind of end, and for how long. */
export interface RetryBudget {
  count: number;
  /** Seconds from when the chain first ran the task again for it; null for any time. */
  duration: number | null;
}

export type RetryBudgets = Readonly<Partial<Record<JobState, RetryBudget>>>;

/** What retries are allowed by. */
export interface RetryRules {
  retryLimit: number;
  retryBudgets: RetryBudgets;
}

/** A task was run again at its level after it ended in this state. */
export interface RetryEvent {
  state: JobState;
  level: number;
  /** When that was decided, in seconds since the epoch. */
  at: number;
}

/** The same of many tasks, as a round keeps it. */
export interface RetryEventGroup {
  state: JobState;
  level: number;
  tasks: string;
  count: number;
}

/** The cluster's doing: a task that is preempted often has not failed often. */
const CLUSTER_EVENTS: readonly (JobState | 'UNKNOWN')[] = ['PREEMPTED', 'NODE_FAIL', 'BOOT_FAIL'];

/** Whether retries after this state have a counter of their own; all others share one. */
export function isCountedApart(state: JobState | 'UNKNOWN', { retryBudgets }: RetryRules): state is JobState {
  return CLUSTER_EVENTS.includes(state) || (state !== 'UNKNOWN' && retryBudgets[state] !== undefined);
}

export function budgetOf(state: JobState | 'UNKNOWN', { retryLimit, retryBudgets }: RetryRules): RetryBudget {
  const own = state === 'UNKNOWN' ? undefined : retryBudgets[state];
  return own ?? { count: retryLimit, duration: null };
}

/** `at most 10 times at one level, for 04:00:00` */
export function describeBudget({ count, duration }: RetryBudget): string {
  const times = `at most ${count} ${count === 1 ? 'time' : 'times'} at one level`;
  return duration === null ? times : `${times}, for ${formatDuration(duration)}`;
}

/** What a task was allowed that failed by having used it up; null for other causes. */
export function budgetOfFailure(
  { cause, state }: Pick<FailureGroup, 'cause' | 'state'>,
  rules: RetryRules,
): RetryBudget | null {
  return cause === 'retry_limit' || cause === 'retry_duration' ? budgetOf(state, rules) : null;
}

/** A failed task, with its history. */
export interface RetriedTask {
  level: number;
  /** Earlier attempts at this level, whatever they ended by. */
  attemptsAtLevel: number;
  /** Its earlier retries after states that are counted apart, oldest first, at every level. */
  events: readonly RetryEvent[];
}

/**
 * Which part of its budget a task has used up that would be run again at its level.
 *
 * @param now seconds since the epoch, for an outcome that does not say when it ended
 * @returns null when it may be run again
 */
export function spentBudget(
  { level, attemptsAtLevel, events }: RetriedTask,
  { state, end }: Pick<TaskOutcome, 'state' | 'end'>,
  rules: RetryRules,
  now: number,
): Extract<FailureCause, 'retry_limit' | 'retry_duration'> | null {
  const { count, duration } = budgetOf(state, rules);
  const here = events.filter((event) => event.level === level);
  const alike = here.filter((event) => event.state === state).length;
  const used = isCountedApart(state, rules) ? alike : attemptsAtLevel - here.length;
  if (used >= count) return 'retry_limit';
  const since = events.find((event) => event.state === state)?.at;
  const late = duration !== null && since !== undefined && (end ?? now) - since > duration;
  return late ? 'retry_duration' : null;
}

/** Collects the retries of a round by state and level. */
export class RetryEventGroups {
  private readonly groups = new Map<string, { state: JobState; level: number; tasks: number[] }>();

  add(state: JobState, level: number, index: number): void {
    const key = `${level} ${state}`;
    const group = this.groups.get(key) ?? { state, level, tasks: [] };
    group.tasks.push(index);
    this.groups.set(key, group);
  }

  list(): RetryEventGroup[] {
    return [...this.groups.values()].map(({ tasks, ...group }) => ({
      ...group,
      tasks: compress(tasks),
      count: tasks.length,
    }));
  }
}

/** The same groups without tasks that are not run again after all. */
export function withoutTasks(groups: readonly RetryEventGroup[], left: IndexSet): RetryEventGroup[] {
  return groups.flatMap((group) => {
    const kept = difference(indices(group.tasks), left);
    return kept.length === 0 ? [] : [{ ...group, tasks: compress(kept), count: kept.length }];
  });
}

/** The retries of earlier rounds by task; a task without any is not in it. */
export function earlierEvents(rounds: readonly Round[], before: number): ReadonlyMap<number, RetryEvent[]> {
  const events = new Map<number, RetryEvent[]>();
  for (const { number, result } of rounds) {
    if (number >= before || result === null) continue;
    for (const { state, level, tasks } of result.retries) {
      for (const index of indices(tasks)) {
        const event = { state, level, at: result.finishedAt };
        const known = events.get(index);
        if (known === undefined) events.set(index, [event]);
        else known.push(event);
      }
    }
  }
  return events;
}
