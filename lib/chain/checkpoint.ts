import type { ExitCode } from '../slurm/exit-code.js';
import type { JobState } from '../slurm/job-state.js';
import type { CapHit } from './caps.js';
import type { Bucket } from './conservation.js';
import type { Ladder } from './ladder.js';
import type { ExcludedNode } from './node-exclusion.js';
import type { RetryEventGroup } from './retry-budget.js';

/**
 * The checkpoint: one JSON file per chain, the chain's truth. Times are seconds since the epoch, sizes bytes,
 * sets of indices are array specs (`0-9,12-20:2`). docs: lib/chain/README.md
 */
export interface Checkpoint {
  version: typeof CHECKPOINT_VERSION;
  chain: string;
  /** Grows by one with every write; orders states of the file without trusting clocks. */
  sequence: number;
  state: ChainState;
  /** Why the chain is blocked, stopped, capped or cancelled. */
  reason: string | null;
  createdAt: number;
  updatedAt: number;
  user: string;
  request: ChainRequest;
  ladder: Ladder;
  limits: ClusterLimits;
  evidence: EvidenceSources;
  handler: HandlerResources;
  rounds: Round[];
  /** Nodes that ended tasks at once. */
  excludedNodes: ExcludedNode[];
  events: ChainEvent[];
}

export const CHECKPOINT_VERSION = 1;

/**
 * What a chain can be, and what moves it on. `resumable`: `--resume` takes it up again.
 * STALLED is not here: it is derived (active, and nothing of it is left in the queue).
 */
export const CHAIN_STATES = {
  /** A round is being submitted, queued, running or decided; its handler moves it on. */
  active: { ended: false, resumable: true },
  /** sbatch refused a later round; a person mends the cause and resumes. */
  blocked: { ended: false, resumable: true },
  /** Conservation was violated, or the fate of tasks could not be found out; a person looks and resumes. */
  stopped: { ended: false, resumable: true },
  /** Every task completed. */
  completed: { ended: true, resumable: false },
  /** Nothing retryable is left, some tasks failed for reasons that the policy does not retry. */
  failed: { ended: true, resumable: false },
  /** Some tasks still failed at the highest level. */
  exhausted: { ended: true, resumable: false },
  /** Some tasks were not run again since the chain has used what it may. */
  capped: { ended: true, resumable: false },
  /** A person cancelled it. */
  cancelled: { ended: true, resumable: false },
} as const satisfies Record<string, { ended: boolean; resumable: boolean }>;

export type ChainState = keyof typeof CHAIN_STATES;

/** What the person asked for; the same for every round. */
export interface ChainRequest {
  script: { path: string; name: string; sha256: string };
  /** Script arguments, byte for byte. */
  args: string[];
  cwd: string;
  /** All indices of the chain; null for a single job without --array. */
  array: string | null;
  throttle: number | null;
  /** sbatch's --export: ALL passes the submission environment, NONE only `names`. */
  export: { mode: 'ALL' | 'NONE' | 'NIL'; names: string[] };
  /** sbatch options given on the command line; they stand above the ladder. */
  options: string[];
  /** Of these, the ones that make sense for round 1 only (`--dependency`, `--begin`). */
  firstRoundOptions: string[];
  /** The person's own --comment, which stands behind the token. */
  comment: string | null;
  /** Nodes that the person excludes, as `--exclude` lists them; those of the level and the chain come on top. */
  exclude: string | null;
  /** Where task output goes, sbatch's pattern; null for Slurm's default. */
  output: string | null;
  /** The same for its standard error; null when it goes where the output goes. */
  error: string | null;
  startLevel: number;
  /** On a ladder of axes the highest rung of each axis. */
  maxLevel: number;
}

/** Facts of the cluster at submission. */
export interface ClusterLimits {
  /** Largest index is one less. */
  maxArraySize: number;
  maxArraySpecLength: number;
}

/** Where the chain learns how tasks ended, besides the controller; found out at submission. */
export interface EvidenceSources {
  /** The cluster keeps accounting (AccountingStorageType). */
  accounting: boolean;
  /** Every attempt writes a completion record: there is no accounting, or the ladder asks for it. */
  records: boolean;
  /** Accounting keeps the comments of jobs, in which their tokens are (AccountingStoreFlags). */
  comments: boolean;
}

export interface HandlerResources {
  partition: string | null;
  mem: number;
  time: number;
  account: string | null;
  qos: string | null;
}

/**
 * The life of a round. Each phase names what has been written down; the side effect that follows is found again
 * by its token when the process dies before the next phase is.
 */
export const ROUND_PHASES = ['submitting', 'submitted', 'guarded', 'running', 'finished'] as const;
export type RoundPhase = (typeof ROUND_PHASES)[number];

export interface Round {
  /** Counted from 1. */
  number: number;
  phase: RoundPhase;
  startedAt: number;
  jobs: RoundJob[];
  handlers: HandlerJob[];
  /** Set when the phase is `finished`. */
  result: RoundResult | null;
}

/** One Slurm job of a round. */
export interface RoundJob {
  token: string;
  level: number;
  /** What `--array` gets, without throttle; null for a single job. */
  array: string | null;
  throttle: number | null;
  /** The true indices; differs from `array` when the job is mapped. */
  indices: string;
  count: number;
  mapped: boolean;
  /** Nodes to be avoided: those on which tasks that retry at their level failed, and the chain's excluded ones. */
  exclude: string[];
  jobId: string | null;
}

/** When a handler job starts. `again`: at a later time, since the round's outcome was not known yet. */
export type HandlerTrigger = 'afternotok' | 'afterok' | 'afterany' | 'again';

export interface HandlerJob {
  token: string;
  trigger: HandlerTrigger;
  jobId: string | null;
}

export interface RoundResult {
  finishedAt: number;
  /** Attempts per Slurm state. */
  states: Partial<Record<JobState | 'UNKNOWN', number>>;
  buckets: Record<Bucket, string>;
  failures: FailureGroup[];
  /** Elapsed times allocated CPUs, over all attempts. */
  coreSeconds: number;
  /** The cap of the chain that kept tasks from being run again. */
  capped: CapHit | null;
  /** Of `retrying`, those that run again at their level for a state that is counted apart. */
  retries: RetryEventGroup[];
  /** Of `completed`, those that ran out of memory and whose script exited with 0, when the policy is to warn. */
  warned: string;
}

/** Why tasks are not run again. */
export type FailureCause =
  | 'no_retry'
  | 'exhausted'
  | 'retry_limit'
  | 'retry_duration'
  | 'capped'
  | 'cancelled';

/** Tasks that failed in the same way and are not run again. */
export interface FailureGroup {
  cause: FailureCause;
  state: JobState | 'UNKNOWN';
  exit: ExitCode;
  tasks: string;
  count: number;
}

export interface ChainEvent {
  at: number;
  round: number;
  kind: string;
  text: string;
}

/** How one attempt ended, or where it stands, with the evidence. */
export interface TaskOutcome {
  index: number;
  /** `806_3`, or `806` for a single job. */
  job: string;
  state: JobState | 'UNKNOWN';
  terminal: boolean;
  exit: ExitCode;
  /** The script's own exit code, by its completion record; Slurm's is its verdict on the whole job. */
  scriptExit: ExitCode | null;
  node: string | null;
  elapsed: number;
  /** Allocated CPUs; null when nobody has told. */
  cpus: number | null;
  maxRss: number | null;
  start: number | null;
  end: number | null;
}

/** What is known of the attempts of a round: a Map by index, or what reads like one. */
export interface Outcomes {
  get(index: number): TaskOutcome | undefined;
  values(): Iterable<TaskOutcome>;
}

export function lastRound({ rounds }: Pick<Checkpoint, 'rounds'>): Round {
  const round = rounds.at(-1);
  if (round === undefined) throw new Error('a chain has no round');
  return round;
}

export function jobIds(round: Round): string[] {
  return round.jobs.flatMap((job) => job.jobId ?? []);
}

export function handlerIds(round: Round): string[] {
  return round.handlers.flatMap((handler) => handler.jobId ?? []);
}
