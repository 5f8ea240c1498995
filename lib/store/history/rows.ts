/** Rows of the history database. Times are seconds since the epoch; null is what is not, or not yet, known. */

export interface ChainRow {
  chain: string;
  /** Grows with every change of the chain; orders pictures of it. */
  sequence: number;
  state: string;
  reason: string | null;
  user: string;
  script: string;
  scriptSha256: string;
  cwd: string;
  /** The ladder's file. */
  ladder: string;
  /** All indices as an array spec; null for a single job. */
  array: string | null;
  tasks: number;
  createdAt: number;
  updatedAt: number;
}

export interface RoundRow {
  round: number;
  phase: string;
  tasks: number;
  /** Lists, comma separated; empty for what has not been submitted. */
  levels: string;
  jobIds: string;
  handlerIds: string;
  startedAt: number;
  finishedAt: number | null;
}

/** One attempt: one run of a task in one finished round. */
export interface TaskRow {
  round: number;
  taskIndex: number;
  level: number;
  bucket: string;
  /** Slurm's word; UNKNOWN, and null in what follows, where it told nothing. */
  state: string;
  jobId: string | null;
  exitCode: number | null;
  signal: number | null;
  node: string | null;
  elapsedSeconds: number | null;
  maxRssBytes: number | null;
  startedAt: number | null;
  endedAt: number | null;
}

export interface EventRow {
  at: number;
  round: number;
  kind: string;
  text: string;
}

/** All that the database knows of one chain; to record, only the attempts that it does not have yet. */
export interface ChainPicture {
  chain: ChainRow;
  rounds: RoundRow[];
  tasks: TaskRow[];
  /** In the order in which they happened. */
  events: EventRow[];
}
