import type { ExitCode } from '../../slurm/exit-code.js';
import type { Submission } from '../job.js';

/**
 * A row of accounting: a run of a job or task, the pending rest of an array, or a step. What accounting has not heard
 * of yet is not in it.
 */
export interface AccountingRecord {
  /** `806`, `806_3`, `806_[5-10%2]`, with `.batch` behind it for a step. */
  id: string;
  rawId: string;
  /** Null for the row of the job itself. */
  step: string | null;
  name: string;
  user: string;
  submission: Submission;
  comment: string;
  partition: string;
  state: string;
  reason: string;
  exit: ExitCode;
  /** The highest of its steps of srun. */
  derivedExit: ExitCode;
  cpus: number;
  nodes: readonly string[];
  tasks: number;
  /** As asked for. */
  memoryPerNode: number | null;
  memoryPerCpu: number;
  /** Seconds; Infinity for none. */
  timeLimit: number;
  maxRss: number | null;
  submittedAt: number;
  eligibleAt: number | null;
  startedAt: number | null;
  endedAt: number | null;
  now: number;
}
