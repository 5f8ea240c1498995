import type { JobState } from '../slurm/job-state.js';
import type { LadderAxes } from './axes.js';
import type { ChainCaps } from './caps.js';
import type { NodeExclusionRule } from './node-exclusion.js';
import type { OomExit0 } from './oom-exit.js';
import type { RetryBudgets } from './retry-budget.js';

/** One rung: what every task of a round asks for. Keys that are null are left to the script and the cluster. */
export interface Level {
  /** One or several partitions, comma separated, as sbatch takes them. */
  partition: string | null;
  /** Bytes per node; 0 means all of a node's memory, as for sbatch. */
  mem: number | null;
  /** Seconds; Infinity for no limit. */
  time: number | null;
  qos: string | null;
  account: string | null;
  constraint: string | null;
  gres: string | null;
  cpus: number | null;
  /** Nodes never to be used at this level. */
  exclude: string | null;
}

/** What is done with a task that ended without success. */
export type Action = 'escalate' | 'retry' | 'no_retry';

export const ACTIONS: readonly Action[] = ['escalate', 'retry', 'no_retry'];

/** Which failures are run again, and how. */
export interface StatePolicy {
  states: Readonly<Partial<Record<JobState, Action>>>;
  /** Overrides for tasks in state FAILED, by the script's true exit code (0 to 255). */
  exitCodes: readonly (readonly [number, Action])[];
}

/** What handler jobs ask for; null means what fits the cluster. */
export interface HandlerRequest {
  partition: string | null;
  mem: number | null;
  time: number | null;
  account: string | null;
  qos: string | null;
}

export interface Ladder {
  /** File that it was read from, for messages. */
  file: string;
  levels: readonly Level[];
  /** How the levels lie beside each other when memory and time are climbed apart; null for one above the other. */
  axes: LadderAxes | null;
  policy: StatePolicy;
  handler: HandlerRequest;
  /** Longest `--array` text that the cluster accepts, in characters. */
  maxArraySpecLength: number;
  /** How often a task is run again at one level before it counts as failed. */
  retryLimit: number;
  /** What a chain may use; options of the command line stand above the file. */
  caps: ChainCaps;
  /** Null when no node is excluded by what happens on it. */
  nodeExclusion: NodeExclusionRule | null;
  /** The same for single states, which then have a counter of their own. */
  retryBudgets: RetryBudgets;
  oomExit0: OomExit0;
  /** Every attempt writes a completion record, also where there is accounting. */
  completionRecords: boolean;
  history: { enabled: boolean; database: string | null };
}

/** The defaults of the specification's configuration example; a ladder file overrides them one by one. */
export const DEFAULT_POLICY: StatePolicy = {
  states: {
    OUT_OF_MEMORY: 'escalate',
    TIMEOUT: 'escalate',
    DEADLINE: 'escalate',
    PREEMPTED: 'escalate',
    BOOT_FAIL: 'escalate',
    NODE_FAIL: 'escalate',
    FAILED: 'no_retry',
    CANCELLED: 'no_retry',
  },
  exitCodes: [
    [137, 'escalate'],
    [1, 'no_retry'],
  ],
};

/** slurmctld refuses a longer `--array` ("Pathname of a file, directory or other parameter too long"), measured. */
export const DEFAULT_MAX_ARRAY_SPEC_LENGTH = 4096;

export const DEFAULT_RETRY_LIMIT = 3;
