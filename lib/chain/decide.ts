import { compress } from '../slurm/array-cover.js';
import { type ExitCode, selectExitRule } from '../slurm/exit-code.js';
import type { JobState } from '../slurm/job-state.js';
import { climb } from './axes.js';
import type { FailureCause, FailureGroup, Outcomes, TaskOutcome } from './checkpoint.js';
import type { Bucket } from './conservation.js';
import { failedDimension } from './failed-dimension.js';
import { type IndexSet, indexSet } from './index-set.js';
import type { Action, Ladder, StatePolicy } from './ladder.js';
import { type OomExit0, survivedOom } from './oom-exit.js';
import {
  isCountedApart,
  type RetriedTask,
  type RetryEventGroup,
  RetryEventGroups,
  spentBudget,
} from './retry-budget.js';

/** What the policy makes of one outcome; `warned` is completed, and listed. */
export type Verdict = 'completed' | 'warned' | 'escalate' | 'retry' | 'no_retry' | 'unknown';

/** Tasks that run together in the next round. */
export interface RetryGroup {
  level: number;
  indices: IndexSet;
  /** Nodes on which they failed, to be avoided. */
  exclude: string[];
}

export interface Decision {
  buckets: Record<Bucket, IndexSet>;
  failures: FailureGroup[];
  /** Tasks that run again at their level, for states that are counted apart. */
  retries: RetryEventGroup[];
  /** Of the completed ones, those with a warning. */
  warned: IndexSet;
  /** Groups of the next round, lowest level first; none when the round was the last. */
  next: RetryGroup[];
}

/** A task of the round that is decided. */
export interface RoundTask extends RetriedTask {
  index: number;
}

/** What a decision rests on beside outcomes. */
export type DecisionRules = Pick<Ladder, 'policy' | 'axes' | 'retryLimit' | 'retryBudgets' | 'oomExit0'>;

/**
 * What the policy makes of an outcome. Slurm's state beats the exit code: OUT_OF_MEMORY with exit 0 is no success,
 * unless `oomExit0` says so and the script's own exit code is known.
 * A state that is not terminal, or that we do not know, is `unknown`: never success, never failure.
 */
export function verdict(
  outcome: Pick<TaskOutcome, 'state' | 'terminal' | 'exit' | 'scriptExit'>,
  policy: StatePolicy,
  oomExit0: OomExit0,
): Verdict {
  if (!outcome.terminal || outcome.state === 'UNKNOWN') return 'unknown';
  if (outcome.state === 'COMPLETED') return 'completed';
  if (oomExit0 !== 'retry' && survivedOom(outcome)) return oomExit0 === 'warn' ? 'warned' : 'completed';
  if (outcome.state === 'FAILED') {
    const rule = selectExitRule(exitRules(policy), outcome.exit);
    if (rule !== undefined) return rule;
  }
  return policy.states[outcome.state] ?? 'no_retry';
}

/** The rules of the policy by exit code, made once for it and not for every task. */
const EXIT_RULES = new WeakMap<StatePolicy, ReadonlyMap<number, Action>>();

function exitRules(policy: StatePolicy): ReadonlyMap<number, Action> {
  const rules = EXIT_RULES.get(policy) ?? new Map(policy.exitCodes);
  EXIT_RULES.set(policy, rules);
  return rules;
}

/**
 * The heart of a chain, a pure function: the round's tasks, what was observed of them, and the ladder give the next
 * round, or none. A task without an outcome is unknown.
 *
 * @param maxLevel the highest level; on a ladder of axes the highest rung of each
 * @param now seconds since the epoch
 * @param blamed tasks whose failure was their node's fault: where the policy would not run them again, they retry
 */
export function decide(
  tasks: Iterable<RoundTask>,
  outcomes: Outcomes,
  ladder: DecisionRules,
  maxLevel: number,
  now: number,
  blamed: ReadonlySet<number> = new Set(),
): Decision {
  const buckets: Record<Bucket, number[]> = { completed: [], retrying: [], failed: [], unknown: [] };
  const failures = new FailureGroups();
  const retries = new RetryEventGroups();
  const warned: number[] = [];
  const next = new RetryGroups();
  for (const task of tasks) {
    const outcome = outcomes.get(task.index);
    const step = nextStep(task, outcome, ladder, maxLevel, now, blamed.has(task.index));
    buckets[step.bucket].push(task.index);
    if (step.bucket === 'failed' && outcome !== undefined) failures.add(step.cause, outcome);
    if (step.bucket === 'completed' && step.warned) warned.push(task.index);
    if (step.bucket === 'retrying') {
      next.add(task, step.level, step.exclude);
      if (step.event !== null) retries.add(step.event, task.level, task.index);
    }
  }
  return {
    buckets: {
      completed: indexSet(buckets.completed),
      retrying: indexSet(buckets.retrying),
      failed: indexSet(buckets.failed),
      unknown: indexSet(buckets.unknown),
    },
    failures: failures.list(),
    retries: retries.list(),
    warned: indexSet(warned),
    next: next.list(),
  };
}

type Step =
  | { bucket: 'completed'; warned: boolean }
  | { bucket: 'unknown' }
  | { bucket: 'failed'; cause: FailureCause }
  /** `event`: the state by which it ended, when it runs again at its level and that is counted apart. */
  | { bucket: 'retrying'; level: number; exclude: string | null; event: JobState | null };

function nextStep(
  task: RoundTask,
  outcome: TaskOutcome | undefined,
  rules: DecisionRules,
  maxLevel: number,
  now: number,
  blamed: boolean,
): Step {
  if (outcome === undefined) return { bucket: 'unknown' };
  const policyVerdict = verdict(outcome, rules.policy, rules.oomExit0);
  const judged = blamed && policyVerdict === 'no_retry' ? 'retry' : policyVerdict;
  switch (judged) {
    case 'unknown':
      return { bucket: judged };
    case 'completed':
    case 'warned':
      return { bucket: 'completed', warned: judged === 'warned' };
    case 'no_retry':
      return { bucket: 'failed', cause: 'no_retry' };
    case 'escalate': {
      const dimension = failedDimension(outcome, rules.policy);
      // On axes, more of what did not fail would be waste.
      if (dimension === null && rules.axes !== null) return again(task, outcome, rules, now);
      const level = climb(rules.axes, task.level, dimension ?? 'mem', maxLevel);
      if (level === null) return { bucket: 'failed', cause: 'exhausted' };
      return { bucket: 'retrying', level, exclude: null, event: null };
    }
    case 'retry':
      return again(task, outcome, rules, now);
    default:
      return judged satisfies never;
  }
}

/** Once more at the same level, on another node, as long as the budget lasts. */
function again(task: RoundTask, outcome: TaskOutcome, rules: DecisionRules, now: number): Step {
  const cause = spentBudget(task, outcome, rules, now);
  if (cause !== null) return { bucket: 'failed', cause };
  const event = isCountedApart(outcome.state, rules) ? outcome.state : null;
  return { bucket: 'retrying', level: task.level, exclude: outcome.node, event };
}

class RetryGroups {
  private readonly groups = new Map<string, { level: number; indices: number[]; exclude: Set<string> }>();

  /** Same-level retries stay apart from tasks that climb to that level: only they avoid nodes. */
  add(task: RoundTask, level: number, exclude: string | null): void {
    const key = `${level} ${level === task.level ? 'retry' : 'escalate'}`;
    const group = this.groups.get(key) ?? { level, indices: [], exclude: new Set<string>() };
    group.indices.push(task.index);
    if (exclude !== null) group.exclude.add(exclude);
    this.groups.set(key, group);
  }

  list(): RetryGroup[] {
    return [...this.groups.values()]
      .map(({ level, indices, exclude }) => ({
        level,
        indices: indexSet(indices),
        exclude: [...exclude].sort(),
      }))
      .sort((a, b) => a.level - b.level || (a.indices[0] ?? 0) - (b.indices[0] ?? 0));
  }
}

export class FailureGroups {
  private readonly groups = new Map<
    string,
    { cause: FailureCause; state: TaskOutcome['state']; exit: ExitCode; tasks: number[] }
  >();

  add(cause: FailureCause, { state, exit, index }: TaskOutcome): void {
    const key = `${cause} ${state} ${exit.code}:${exit.signal}`;
    const group = this.groups.get(key) ?? { cause, state, exit, tasks: [] };
    group.tasks.push(index);
    this.groups.set(key, group);
  }

  list(): FailureGroup[] {
    return [...this.groups.values()].map(({ tasks, ...group }) => ({
      ...group,
      tasks: compress(tasks),
      count: tasks.length,
    }));
  }
}
