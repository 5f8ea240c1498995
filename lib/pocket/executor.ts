import type { RunEnd, RunId } from './job.js';

/** Everything that is needed to start a run's processes; the same after the scheduler was killed and started again. */
export interface Launch {
  run: RunId;
  job: number;
  /** Null for a single job. */
  arrayIndex: number | null;
  partition: string;
  nodes: readonly string[];
  /** On each node. */
  cpus: number;
  /** Bytes on each node; null for no limit. */
  memory: number | null;
  timeLimit: number;
}

/** Whom a signal reaches: everything, only the batch shell, or only what srun has started (steps). */
export type SignalScope = 'all' | 'batch' | 'steps';

/**
 * Runs what the scheduler has placed. The daemon's executor starts real processes; a test's may decide by itself how
 * runs end. Runs are started at most once: to launch a run again that is there already does nothing.
 */
export interface Executor {
  launch(launches: readonly Launch[]): void;
  signal(run: RunId, signal: number, scope: SignalScope): void;
  /** Runs that have ended since the last call. */
  takeEnded(): RunEnd[];
}
