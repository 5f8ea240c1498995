import { epochSeconds } from '../clock.js';
import { type CapUse, capUses, spending } from './caps.js';
import {
  CHAIN_STATES,
  type ChainEvent,
  type ChainState,
  type Checkpoint,
  handlerIds,
  jobIds,
  lastRound,
  type Round,
  type RoundPhase,
  type RoundResult,
} from './checkpoint.js';
import { size } from './index-set.js';
import { scriptChanged } from './kept-script.js';
import { type LevelStatus, levelRows, sumCounts } from './level-status.js';
import type { LiveRound } from './live-round.js';
import type { ExcludedNode } from './node-exclusion.js';
import {
  type RetryStatus,
  retryRows,
  type ToldFailure,
  toldFailures,
  type WarnedTasks,
  warnedRows,
} from './retry-status.js';
import type { TaskCounts } from './task-counts.js';

/**
 * `STALLED`: active, and nothing is left in the queue that would move it on. `SUBMITTING` and `HELD`: a round that is
 * not released yet.
 */
export type DisplayedState = Uppercase<ChainState> | 'STALLED' | 'SUBMITTING' | 'HELD';

export interface RoundStatus {
  round: number;
  phase: RoundPhase;
  levels: number[];
  jobs: string[];
  handlers: string[];
  tasks: number;
  /** Attempts per Slurm state; empty for an open round of which Slurm was not asked. */
  states: RoundResult['states'];
  /** Where its tasks went; all 0 for a round that is open. */
  completed: number;
  retrying: number;
  failed: number;
  unknown: number;
  startedAt: number;
  finishedAt: number | null;
}

/**
 * What `--status --format json` prints. Keys are added, never renamed or removed. Times are seconds since the epoch,
 * durations seconds, sizes bytes, sets of tasks array specs.
 */
export interface ChainStatus {
  chain: string;
  state: DisplayedState;
  /** Why the chain is blocked, stopped, capped or cancelled. */
  reason: string | null;
  /** The chain has ended: nothing of it will change any more. */
  ended: boolean;
  /** Nothing goes on by itself: `mem-escalate --resume` takes the chain up. */
  needsResume: boolean;
  created: number;
  updated: number;
  /** From the submission to the end, or until now. */
  elapsed: number;
  user: string;
  script: { path: string; changed: boolean };
  tasks: number;
  /** Adds up to `tasks`. */
  counts: TaskCounts;
  levels: LevelStatus[];
  rounds: RoundStatus[];
  /** What the chain has used, core-hours as far as accounting has told, and what it may use. */
  caps: CapUse[];
  /** Nodes that ended tasks at once; from `until` on they are used again. */
  excludedNodes: ExcludedNode[];
  /** Tasks that are not run again, as far as is known. */
  failures: ToldFailure[];
  /** Retries at the same level, by states that have a counter of their own. */
  retries: RetryStatus[];
  /** Completed with a warning: out of memory, while the script exited with 0. */
  warned: WarnedTasks[];
  /** Until the current round has ended, at its pace so far; null when that cannot be said. */
  eta: number | null;
  /** The picture of the last round that the counts rest on; null when it has finished or Slurm did not answer. */
  live: Pick<LiveRound, 'at' | 'accounting' | 'pendingReasons' | 'handlers'> | null;
  /** What a reader should know of how this was found out. */
  note: string | null;
  /** The last ten. */
  events: ChainEvent[];
}

/** What the status depends on beside checkpoint and queue. */
export interface StatusContext {
  now?: number;
  /** Looked up when it is not given. */
  scriptChanged?: boolean;
  note?: string | null;
}

const EVENTS_SHOWN = 10;

/** Seconds after which a round that is being submitted by nobody that is seen counts as abandoned. */
const SUBMISSION_PATIENCE = 120;

/** The status of a chain. A picture of an earlier round is not used. */
export function chainStatus(
  checkpoint: Checkpoint,
  live: LiveRound | null,
  context: StatusContext = {},
): ChainStatus {
  const { chain, user, request, createdAt, updatedAt, rounds } = checkpoint;
  const now = context.now ?? epochSeconds();
  const open = lastRound(checkpoint).result === null;
  const current = open && live?.round === lastRound(checkpoint).number ? live : null;
  const state = displayedState(checkpoint, current, now);
  const levels = levelRows(checkpoint, current);
  const { ended } = CHAIN_STATES[checkpoint.state];
  return {
    chain,
    state,
    reason: checkpoint.reason,
    ended,
    needsResume: needsResume(checkpoint, state, current, now),
    created: createdAt,
    updated: updatedAt,
    elapsed: Math.max(0, Math.round((ended ? updatedAt : now) - createdAt)),
    user,
    script: { path: request.script.path, changed: context.scriptChanged ?? scriptChanged(request.script) },
    tasks: tasksOf(rounds[0]),
    counts: sumCounts(levels),
    levels,
    rounds: rounds.map((round) => roundRow(round, current)),
    failures: [
      ...rounds.flatMap(({ number, result }) => toldFailures(checkpoint, number, result?.failures ?? [])),
      ...toldFailures(checkpoint, current?.round ?? 0, current?.failures ?? []),
    ],
    caps: capUses(
      checkpoint.ladder.caps,
      spending(checkpoint, current?.coreSeconds ?? 0, ended ? updatedAt : now),
    ),
    excludedNodes: checkpoint.excludedNodes,
    retries: retryRows(checkpoint),
    warned: warnedRows(checkpoint),
    eta: state === 'ACTIVE' ? eta(lastRound(checkpoint), current) : null,
    live: current === null ? null : pick(current),
    note: context.note ?? (open && current === null ? 'Slurm was not asked, or did not answer' : null),
    events: checkpoint.events.slice(-EVENTS_SHOWN),
  };
}

function pick({ at, accounting, pendingReasons, handlers }: LiveRound): NonNullable<ChainStatus['live']> {
  return { at, accounting, pendingReasons, handlers };
}

function tasksOf(round: Round | undefined): number {
  return (round?.jobs ?? []).reduce((sum, job) => sum + job.count, 0);
}

function displayedState(checkpoint: Checkpoint, live: LiveRound | null, now: number): DisplayedState {
  if (checkpoint.state !== 'active') return checkpoint.state.toUpperCase() as Uppercase<ChainState>;
  const { phase } = lastRound(checkpoint);
  const gone = live !== null && live.entries === 0 && live.handlers === 0 && !live.submitter;
  // Ids that are not written down cannot be looked for, so that an empty queue proves nothing for a while.
  if (gone && (phase === 'running' || isQuiet(checkpoint, now))) return 'STALLED';
  if (phase === 'submitting') return 'SUBMITTING';
  return phase === 'submitted' || phase === 'guarded' ? 'HELD' : 'ACTIVE';
}

function isQuiet({ updatedAt }: Checkpoint, now: number): boolean {
  return now - updatedAt > SUBMISSION_PATIENCE;
}

function needsResume(
  checkpoint: Checkpoint,
  state: DisplayedState,
  live: LiveRound | null,
  now: number,
): boolean {
  if (state === 'SUBMITTING' || state === 'HELD') {
    return live !== null && !live.submitter && isQuiet(checkpoint, now);
  }
  return state === 'STALLED' || state === 'BLOCKED' || state === 'STOPPED';
}

function roundRow(round: Round, live: LiveRound | null): RoundStatus {
  const { number, phase, jobs, result, startedAt } = round;
  return {
    round: number,
    phase,
    levels: [...new Set(jobs.map((job) => job.level))],
    jobs: jobIds(round),
    handlers: handlerIds(round),
    tasks: tasksOf(round),
    states: result?.states ?? (live?.round === number ? live.states : {}),
    completed: size(result?.buckets.completed ?? ''),
    retrying: size(result?.buckets.retrying ?? ''),
    failed: size(result?.buckets.failed ?? ''),
    unknown: size(result?.buckets.unknown ?? ''),
    startedAt,
    finishedAt: result?.finishedAt ?? null,
  };
}

/** The pace needs tasks that have ended; tasks that wait for a person or a dependency have none. */
function eta(round: Round, live: LiveRound | null): number | null {
  if (live === null) return null;
  const counts = [...live.levels.values()];
  const left = counts.reduce((sum, { running, pending }) => sum + running + pending, 0);
  const ended = tasksOf(round) - left;
  const spent = live.at - (live.firstStart ?? round.startedAt);
  return ended > 0 && left > 0 && spent > 0 ? Math.ceil((left * spent) / ended) : null;
}
