import type { ComputeNodeModel } from '../wire/compute-nodes.js';
import type { JobStatus } from '../wire/job-status.js';
import type { JobsSortMethod } from '../wire/workflows.js';
import type { CapacityOptions } from './machine.js';

/** How a runner works. */
export interface RunnerOptions {
  /** Counts jobs instead of what they need; resources are booked without it. */
  maxParallelJobs?: number | undefined;
  capacity?: CapacityOptions;
  /** Seconds between looks at the server while nothing happens here, 5 by default. */
  pollInterval?: number;
  /** `output` by default. */
  outputDir?: string;
  /** When this runner's time is up, seconds since the epoch: the end of an allocation, or of a person's patience. */
  endTime?: number | undefined;
  sortMethod?: JobsSortMethod | undefined;
  strictSchedulerMatch?: boolean | undefined;
  /** What the runner is; a local one unless said otherwise. */
  node?: RunnerNode;
  /** Seconds between two questions whether a server that is away is back, 30 by default. */
  pingInterval?: number;
  /** Minutes for which a server may be away; what the workflow says by default. */
  serverAwayMinutes?: number | undefined;
  /** Seconds for which a job may be claimed and not started while another runner is there to start it, 60 by default. */
  longestPending?: number;
}

/** A runner that is not just on this machine. */
export interface RunnerNode {
  type: ComputeNodeModel['compute_node_type'];
  scheduler?: unknown;
  schedulerConfigId?: number | undefined;
  /** In the name of the monitor's database; the host's name by default. */
  label?: string;
  /** The runner's log. */
  logFile?: string;
}

/** Ways to end a runner from outside. */
export interface StopSignals {
  /** Jobs are ended, gently where they support it, and reported as terminated. */
  stop?: AbortSignal | undefined;
  /** Jobs that take their time to end are killed. */
  kill?: AbortSignal | undefined;
}

/** Who is told what happens. All of it is also in the runner's log. */
export interface RunnerListener {
  onJob?: (event: JobEvent) => void;
  onCounts?: (counts: RunCounts) => void;
  onLog?: (line: string) => void;
}

export type JobEvent =
  | { kind: 'started'; jobId: number; name: string; attempt: number }
  | { kind: 'ended'; jobId: number; name: string; status: JobStatus; returnCode: number; seconds: number }
  | { kind: 'retried'; jobId: number; name: string; returnCode: number; attempt: number };

/** Attempts of this runner. */
export interface RunCounts {
  running: number;
  completed: number;
  failed: number;
  pendingFailed: number;
  terminated: number;
  canceled: number;
  retried: number;
}

/** Why a runner ended. */
export type EndReason = 'complete' | 'canceled' | 'idle' | 'expired' | 'stopped';

export interface RunSummary extends Omit<RunCounts, 'running'> {
  workflowId: number;
  runId: number;
  computeNodeId: number;
  reason: EndReason;
  seconds: number;
}
