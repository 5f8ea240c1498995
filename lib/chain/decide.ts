import { compress } from '../slurm/array-cover.js';
import { type ExitCode, selectExitRule } from '../slurm/exit-code.js';
import type { FailureCause, FailureGroup, Outcomes, TaskOutcome } from './checkpoint.js';
import type { Bucket } from './conservation.js';
import { type IndexSet, indexSet } from './index-set.js';
import type { Action, Ladder, StatePolicy } from './ladder.js';

/** What the policy makes of one outcome. */
export type Verdict = 'completed' | 'escalate' | 'retry' | 'no_retry' | 'unknown';

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
  /** Groups of the next round, lowest level first; none when the round was the last. */
  next: RetryGroup[];
}

/** A task of the round that is decided. */
export interface RoundTask {
  index: number;
  level: number;
  /** How often it was run at this level before this attempt. */
  attemptsAtLevel: number;
}

/**
 * What the policy makes of an outcome. Slurm's state beats the exit code: OUT_OF_MEMORY with exit 0 is no success.
 * A state that is not terminal, or that we do not know, is `unknown`: never success, never failure.
 */
export function verdict(
  outcome: Pick<TaskOutcome, 'state' | 'terminal' | 'exit'>,
  policy: StatePolicy,
): Verdict {
  if (!outcome.terminal || outcome.state === 'UNKNOWN') return 'unknown';
  if (outcome.state === 'COMPLETED') return 'completed';
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
 * @param blamed tasks whose failure was their node's fault: where the policy would not run them again, they retry
 */
export function decide(
  tasks: Iterable<RoundTask>,
  outcomes: Outcomes,
  ladder: Pick<Ladder, 'policy' | 'retryLimit'>,
  maxLevel: number,
  blamed: ReadonlySet<number> = new Set(),
): Decision {
  const buckets: Record<Bucket, number[]> = { completed: [], retrying: [], failed: [], unknown: [] };
  const failures = new FailureGroups();
  const next = new RetryGroups();
  for (const task of tasks) {
    const outcome = outcomes.get(task.index);
    const step = nextStep(task, outcome, ladder, maxLevel, blamed.has(task.index));
    buckets[step.bucket].push(task.index);
    if (step.bucket === 'failed' && outcome !== undefined) failures.add(step.cause, outcome);
    if (step.bucket === 'retrying') next.add(task, step.level, step.exclude);
  }
  return {
    buckets: {
      completed: indexSet(buckets.completed),
      retrying: indexSet(buckets.retrying),
      failed: indexSet(buckets.failed),
      unknown: indexSet(buckets.unknown),
    },
    failures: failures.list(),
    next: next.list(),
  };
}

type Step =
  | { bucket: 'completed' | 'unknown' }
  | { bucket: 'failed'; cause: FailureCause }
  | { bucket: 'retrying'; level: number; exclude: string | null };

function nextStep(
  task: RoundTask,
  outcome: TaskOutcome | undefined,
  ladder: Pick<Ladder, 'policy' | 'retryLimit'>,
  maxLevel: number,
  blamed: boolean,
): Step {
  const policyVerdict = outcome === undefined ? 'unknown' : verdict(outcome, ladder.policy);
  const judged = blamed && policyVerdict === 'no_retry' ? 'retry' : policyVerdict;
  switch (judged) {
    case 'completed':
    case 'unknown':
      return { bucket: judged };
    case 'no_retry':
      return { bucket: 'failed', cause: 'no_retry' };
    case 'escalate':
      if (task.level >= maxLevel) return { bucket: 'failed', cause: 'exhausted' };
      return { bucket: 'retrying', level: task.level + 1, exclude: null };
    case 'retry':
      if (task.attemptsAtLevel >= ladder.retryLimit) return { bucket: 'failed', cause: 'retry_limit' };
      return { bucket: 'retrying', level: task.level, exclude: outcome?.node ?? null };
    default:
      return judged satisfies never;
  }
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
