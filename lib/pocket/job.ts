import type { ExitCode } from '../slurm/exit-code.js';

/** What sbatch was asked for: never changes. What scontrol can change stands beside it in the job's row. */
export interface Submission {
  uid: number;
  gid: number;
  account: string | null;
  qos: string | null;
  /** Script arguments. */
  args: readonly string[];
  /** How it was submitted, for squeue's Command column: a path, or null for --wrap and standard input. */
  command: string | null;
  /** The command line: `sbatch --parsable job.sh`. */
  submitLine?: string;
  /** `--nice`; unset for 0. */
  nice?: number;
  workingFolder: string;
  submitHost: string;
  /** Patterns with %A, %a, %j …; null for Slurm's default. */
  output: string | null;
  error: string | null;
  input: string | null;
  openMode: 'append' | 'truncate';
  umask: number;
  /** `--array` without its throttle, compressed; null for a single job. */
  array: string | null;
  nodes: number;
  tasks: number;
  cpusPerTask: number;
  /** The names of --nodelist. */
  nodelist: readonly string[];
  exclusive: boolean;
  requeue: boolean;
  killOnInvalidDependency: boolean;
  /** `--signal`: sent so many seconds before the time limit, to the batch shell or to everything else. */
  signal: { number: number; before: number; batchShell: boolean } | null;
  /**
   * How many of the scheduler's seconds a second of the time limit takes: more than 1 for a job whose own
   * AFTEROK_TIME_SCALE is lower than the scheduler's, since it does real work. Unset for 1.
   */
  limitStretch?: number;
  /** `--deadline`, on the scheduler's clock. */
  deadline: number | null;
}

/** A submission with the parts of it that scontrol can change, as sbatch hands it to the scheduler. */
export interface JobRequest {
  name: string;
  user: string;
  submission: Submission;
  script: Buffer;
  /** NAME=VALUE, NUL separated. */
  environment: Buffer;
  partitions: readonly string[];
  comment: string;
  held: boolean;
  beginAt: number;
  /** As written; parsed and checked. '' for none. */
  dependency: string;
  /** Names and ranges, `d[2-3]`, as they are shown. */
  excludedNodes: readonly string[];
  /** Seconds; Infinity for none. */
  timeLimit: number;
  memoryPerNode: number | null;
  memoryPerCpu: number | null;
  indices: readonly number[] | null;
  throttle: number | null;
}

/** States that a task can rest in. COMPLETING is derived: RUNNING with an `ending`. */
export type TaskState =
  | 'PENDING'
  | 'RUNNING'
  | 'COMPLETED'
  | 'FAILED'
  | 'CANCELLED'
  | 'TIMEOUT'
  | 'OUT_OF_MEMORY'
  | 'NODE_FAIL'
  | 'PREEMPTED'
  | 'BOOT_FAIL'
  | 'DEADLINE';

/** Why a run's processes are being ended. */
export type Ending = 'CANCELLED' | 'TIMEOUT' | 'OUT_OF_MEMORY' | 'NODE_FAIL' | 'PREEMPTED' | 'REQUEUED';

/** One run of one task: the number under which the controller runs it, and how often it was run before. */
export interface RunId {
  rawId: number;
  restart: number;
}

/** What an executor reports of a run whose processes are gone. */
export interface RunEnd {
  run: RunId;
  /** Of the batch script. */
  exit: ExitCode;
  /** A process of it was killed for want of memory. */
  outOfMemory: boolean;
  /** Peak of resident memory, bytes; null when it was too short to be seen. */
  maxRss: number | null;
  /** It could not be started at all: no working folder, no output folder (0:53 in Slurm). */
  launchFailed: boolean;
  /** Its processes are gone and nothing tells how they ended: what NODE_FAIL is for. */
  lost: boolean;
  /** On the scheduler's clock. */
  endedAt: number;
}
