import { AfterokError } from '../errors.js';
import { FormatError } from '../format-error.js';
import { formatDuration, parseDuration } from '../slurm/duration.js';
import type { Checkpoint, Outcomes, TaskOutcome } from './checkpoint.js';
import { type Decision, FailureGroups } from './decide.js';
import { difference, type IndexSet, indexSet, union } from './index-set.js';
import { withoutTasks } from './retry-budget.js';

/** What a chain may use in all. */
export type Cap = 'attempts' | 'coreHours' | 'wallTime';

/** Wall time is in seconds since the submission; null for no cap. */
export type ChainCaps = Readonly<Record<Cap, number | null>>;

/** What a chain has used, in the same units. */
export type Spending = Readonly<Record<Cap, number>>;

/** Which cap kept tasks from being run again; part of the round that they failed in. */
export interface CapHit {
  cap: Cap;
  /** With the round that has ended. */
  used: number;
  allowed: number;
  /** How many tasks. */
  tasks: number;
}

export interface CapUse {
  cap: Cap;
  used: number;
  /** Null for no cap. */
  allowed: number | null;
}

export const NO_CAPS: ChainCaps = { attempts: null, coreHours: null, wallTime: null };

interface CapText {
  /** As it stands behind `the cap on`, and before a figure. */
  name: string;
  format: (amount: number) => string;
}

export const CAP_TEXTS: Readonly<Record<Cap, CapText>> = {
  attempts: { name: 'attempts', format: String },
  coreHours: { name: 'core-hours', format: formatCoreHours },
  wallTime: { name: 'wall time', format: formatDuration },
};

const CAPS = Object.keys(CAP_TEXTS) as Cap[];

/** Three figures, since a short chain uses a thousandth of an hour; all of those before the point. */
function formatCoreHours(hours: number): string {
  return String(hours < 100 ? Number(hours.toPrecision(3)) : Math.round(hours));
}

/**
 * Seconds; null for a wall time that never ends. Nothing is rounded to minutes, as Slurm does: it is our own limit.
 *
 * @throws FormatError for what is no time, and for no time at all
 */
export function parseWallTime(text: string | number): number | null {
  const seconds = parseDuration(text);
  if (seconds === 0) throw new FormatError('wall time', String(text), 'a time longer than 0');
  return Number.isFinite(seconds) ? seconds : null;
}

/** `the cap on attempts: 18 of 20 used, 4 tasks beyond it are not run again` */
export function describeCap({ cap, used, allowed, tasks }: CapHit): string {
  const { name, format } = CAP_TEXTS[cap];
  const what = tasks === 1 ? '1 task beyond it is' : `${tasks} tasks beyond it are`;
  return `the cap on ${name}: ${format(used)} of ${format(allowed)} used, ${what} not run again`;
}

/**
 * Elapsed times allocated CPUs of all attempts, in seconds. An attempt whose CPUs are not known counts as one CPU;
 * one that never had a node has run for no time.
 */
export function coreSeconds(outcomes: Iterable<Pick<TaskOutcome, 'elapsed' | 'cpus'>>): number {
  let sum = 0;
  for (const outcome of outcomes) sum += coreSecondsOf(outcome);
  return sum;
}

function coreSecondsOf({ elapsed, cpus }: Pick<TaskOutcome, 'elapsed' | 'cpus'>): number {
  return elapsed * (cpus ?? 1);
}

/**
 * What a chain has used: every attempt that it has planned, and the core-hours of decided rounds.
 *
 * @param openCoreSeconds what is known of the round that is not decided
 */
export function spending(
  { rounds, createdAt }: Pick<Checkpoint, 'rounds' | 'createdAt'>,
  openCoreSeconds: number,
  now: number,
): Spending {
  const jobs = rounds.flatMap((round) => round.jobs);
  const decided = rounds.reduce((sum, { result }) => sum + (result?.coreSeconds ?? 0), 0);
  return {
    attempts: jobs.reduce((sum, job) => sum + job.count, 0),
    coreHours: (decided + openCoreSeconds) / 3600,
    wallTime: Math.max(0, now - createdAt),
  };
}

/** One entry for each cap, also for those that are not set. */
export function capUses(caps: ChainCaps, used: Spending): CapUse[] {
  return CAPS.map((cap) => ({ cap, used: used[cap], allowed: caps[cap] }));
}

/** @throws AfterokError when already the first round is more than the chain may run */
export function checkFirstRound({ attempts }: ChainCaps, tasks: number): void {
  if (attempts === null || tasks <= attempts) return;
  throw new AfterokError(
    'bad-option',
    `the first round has ${tasks} tasks, the chain is capped at ${attempts} attempts`,
    'raise --max-attempts, or limits.attempts in the ladder',
  );
}

/**
 * What is left of a decision under the caps of the chain, a pure function. Of the tasks that were to run again, those
 * with the lowest indices run as far as the caps reach; all others have failed, by the cause `capped`. An attempt is
 * reckoned to use as many core-hours as the attempt before it, which is the least that a task needs that ran out of
 * something. Past the wall time nothing is run again.
 *
 * @param used with the round that is decided
 */
export function withinCaps(
  decision: Decision,
  outcomes: Outcomes,
  caps: ChainCaps,
  used: Spending,
): { decision: Decision; capped: CapHit | null } {
  const { retrying, failed } = decision.buckets;
  const reach = tightest(retrying, outcomes, caps, used);
  if (reach === null) return { decision, capped: null };
  const { cap, allowed, tasks: running } = reach;
  const kept = retrying.subarray(0, running);
  const left = retrying.subarray(running);
  return {
    decision: {
      ...decision,
      buckets: { ...decision.buckets, retrying: indexSet(kept), failed: union([failed, left]) },
      failures: [...decision.failures, ...failuresOf(left, outcomes)],
      next: decision.next
        .map((group) => ({ ...group, indices: difference(group.indices, left) }))
        .filter((group) => group.indices.length > 0),
      retries: withoutTasks(decision.retries, left),
    },
    capped: { cap, used: used[cap], allowed, tasks: left.length },
  };
}

/** How many tasks of these the cap that reaches least far admits; null when all of them may run. */
function tightest(
  retrying: IndexSet,
  outcomes: Outcomes,
  caps: ChainCaps,
  used: Spending,
): { cap: Cap; allowed: number; tasks: number } | null {
  const reaches = CAPS.flatMap((cap) => {
    const allowed = caps[cap];
    if (allowed === null) return [];
    return [{ cap, allowed, tasks: REACHES[cap](allowed - used[cap], retrying, outcomes) }];
  });
  const [least = null] = reaches.sort((a, b) => a.tasks - b.tasks);
  return least === null || least.tasks >= retrying.length ? null : least;
}

type Reach = (left: number, retrying: IndexSet, outcomes: Outcomes) => number;

/** How many tasks, lowest first, what is left of a cap is enough for. */
const REACHES: Readonly<Record<Cap, Reach>> = {
  attempts: (left) => Math.max(0, left),
  coreHours: (left, retrying, outcomes) => {
    if (left <= 0) return 0;
    let reckoned = 0;
    const beyond = retrying.findIndex((index) => {
      const before = outcomes.get(index);
      reckoned += before === undefined ? 0 : coreSecondsOf(before);
      return reckoned > left * 3600;
    });
    return beyond === -1 ? retrying.length : beyond;
  },
  wallTime: (left, retrying) => (left > 0 ? retrying.length : 0),
};

function failuresOf(left: IndexSet, outcomes: Outcomes): Decision['failures'] {
  const failures = new FailureGroups();
  for (const index of left) {
    const outcome = outcomes.get(index);
    if (outcome !== undefined) failures.add('capped', outcome);
  }
  return failures.list();
}
