/** How a run really ended, by what was done to it: nobody's report. */
export type TrueState =
  | 'COMPLETED'
  | 'FAILED'
  | 'OUT_OF_MEMORY'
  | 'TIMEOUT'
  | 'CANCELLED'
  | 'NODE_FAIL'
  | 'PREEMPTED'
  | 'DEADLINE'
  | 'REQUEUED';

/** One run of a task of the chain, as the machine saw it. */
export interface TrueRun {
  chain: string;
  round: number;
  /** SLURM_ARRAY_TASK_ID as the task sees it: read from the index map where there is one. */
  index: number;
  /** MEM_ESCALATE_LEVEL as the task sees it. */
  level: number;
  job: number;
  node: string;
  /** Bytes that it was given; null for all. */
  memory: number | null;
  /** Seconds. */
  timeLimit: number;
  startedAt: number;
  endedAt: number | null;
  end: { state: TrueState; code: number } | null;
}

/** What really happened in a history. */
export interface Truth {
  runs: TrueRun[];
  /** Tasks that a person cancelled while they waited: job id and index as Slurm knows it; null for the whole job. */
  cancelledByHand: { job: number; task: number | null }[];
  /** What went wrong in the machinery itself, or in a way that no process may go wrong. */
  crashes: string[];
  /** Processes that died by SIGKILL. */
  killed: number;
  /** One line each, with the time. */
  log: string[];
  /** Faults that were injected, in order. */
  faults: string[];
}

export function emptyTruth(): Truth {
  return { runs: [], cancelledByHand: [], crashes: [], killed: 0, log: [], faults: [] };
}
