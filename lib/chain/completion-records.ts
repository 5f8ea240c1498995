import { readdirSync, readFileSync } from 'node:fs';
import { hasErrno } from '../errors.js';
import type { ExitCode } from '../slurm/exit-code.js';
import type { JobState } from '../slurm/job-state.js';

/** What a task's wrapper writes down of one attempt, wrapper-script.ts. Times are whole seconds since the epoch. */
export interface CompletionRecord {
  job: string;
  /** The array task id that Slurm knows; null for a single job. */
  task: number | null;
  /** The true index; differs from `task` in a mapped job. */
  index: number;
  /** How often Slurm had requeued the job. */
  restart: number;
  node: string;
  host: string;
  /** Allocated CPUs; null for a job of several nodes. */
  cpus: number | null;
  start: number;
  /** When Slurm's SIGTERM was passed on to the script; null if it was not. */
  term: number | null;
  /** With `code` and `signal` null as long as the script has not ended. */
  end: number | null;
  code: number | null;
  signal: number | null;
  /** Processes of the job that the kernel killed for want of memory; null where that cannot be read. */
  oomKills: number | null;
}

/**
 * The records of a round, of each task the one of its last run. Records are renamed into place, so none is read half
 * written; what cannot be read as one is passed over, as if it were not there.
 *
 * @returns none for a folder that does not exist
 */
export function readRecords(folder: string): CompletionRecord[] {
  const last = new Map<string, CompletionRecord>();
  for (const name of recordNames(folder)) {
    const record = parseRecord(readFileSync(`${folder}/${name}`, 'utf8'));
    if (record === null) continue;
    const key = `${record.job}_${record.task}`;
    if ((last.get(key)?.restart ?? -1) < record.restart) last.set(key, record);
  }
  return [...last.values()];
}

function recordNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.') && name.endsWith('.json'));
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

const COUNTS = ['index', 'restart', 'start'] as const;
const COUNTS_OR_NULL = ['task', 'cpus', 'term', 'end', 'code', 'signal', 'oomKills'] as const;

/** @returns null for anything that is not a whole record */
export function parseRecord(text: string): CompletionRecord | null {
  let value: Partial<Record<keyof CompletionRecord, unknown>> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = value;
  const whole =
    (['job', 'node', 'host'] as const).every((name) => typeof fields[name] === 'string') &&
    COUNTS.every((name) => isCount(fields[name])) &&
    COUNTS_OR_NULL.every((name) => fields[name] === null || isCount(fields[name])) &&
    (fields.end === null) === (fields.code === null) &&
    (fields.end === null) === (fields.signal === null);
  return whole ? (fields as unknown as CompletionRecord) : null;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** How the script itself ended; null while it has not, or was killed with its wrapper. */
export function scriptExit({ code, signal }: CompletionRecord): ExitCode | null {
  return code === null || signal === null ? null : { code, signal };
}

/** A wrapper starts after Slurm's own clock for the job; seconds. */
const LAUNCH_DELAY = 5;

/**
 * What a record alone proves of an attempt that has left the queue and that neither accounting nor the controller
 * knows; the rows are tried in order:
 *
 * | record                                              | state                                                |
 * | --------------------------------------------------- | ---------------------------------------------------- |
 * | ended, the kernel killed for want of memory         | OUT_OF_MEMORY 0:125, whatever the script returned    |
 * | SIGTERM came when the time limit was over           | TIMEOUT, whatever the script made of it              |
 * | not ended                                           | nothing: killed from outside, nobody knows why       |
 * | ended by a signal, or with a code that is not 0     | FAILED                                               |
 * | SIGTERM came earlier, and the script returned 0     | nothing: cancelled, preempted, or warned as it asked |
 * | ended with 0                                        | COMPLETED                                            |
 *
 * @param limit seconds; null when it is not known
 */
export function provedByRecord(
  record: CompletionRecord,
  limit: number | null,
): { state: JobState; exit: ExitCode } | null {
  const { start, term, oomKills } = record;
  const exit = scriptExit(record);
  if (exit !== null && (oomKills ?? 0) > 0) return { state: 'OUT_OF_MEMORY', exit: { code: 0, signal: 125 } };
  if (term !== null && limit !== null && term - start >= wholeMinutes(limit) - LAUNCH_DELAY)
    return { state: 'TIMEOUT', exit: { code: 0, signal: 0 } };
  if (exit === null) return null;
  if (exit.code !== 0 || exit.signal !== 0) return { state: 'FAILED', exit };
  return term === null ? { state: 'COMPLETED', exit } : null;
}

/** Slurm rounds a limit up to minutes (measured). */
function wholeMinutes(seconds: number): number {
  return Math.ceil(seconds / 60) * 60;
}
