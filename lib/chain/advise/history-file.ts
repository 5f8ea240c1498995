import { readFileSync } from 'node:fs';
import { AfterokError } from '../../errors.js';
import { FormatError } from '../../format-error.js';
import { parseDuration } from '../../slurm/duration.js';
import { parseJobId } from '../../slurm/job-id.js';
import { type JobState, parseJobState, stateTraits } from '../../slurm/job-state.js';
import { parseMaxRss, parseMemory } from '../../slurm/memory-size.js';
import { DEFAULT_POLICY } from '../ladder.js';
import { type Attempt, attemptEnd } from './attempt.js';
import { type HistoryRow, rowsOf } from './history-rows.js';

/** Bad rows that one message names. */
const NAMED = 3;

/**
 * Reads attempts from a file: CSV with a head line, `sacct -P`, or JSON Lines. Columns, in any order and case:
 * `index` or `JobID`; `memory` (as --mem) or `MaxRSS` (as sacct); `elapsed` or `ElapsedRaw`; and, when they are there,
 * `cpus`/`AllocCPUS`, `state`, `ReqMem`. Rows of one index are attempts of one task.
 *
 * @throws AfterokError naming file and line of the first rows that cannot be read
 */
export function readHistoryFile(file: string): Attempt[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new AfterokError('bad-history', `cannot read history ${file}: ${(error as Error).message}`, null, {
      cause: error,
    });
  }
  return parseHistory(text, file);
}

export function parseHistory(text: string, file: string): Attempt[] {
  const problems: string[] = [];
  const read = rowsOf(text, file).flatMap((row) => {
    try {
      return [readRow(row)];
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(`${file}:${row.line}: ${error.message}`);
      return [];
    }
  });
  if (problems.length > 0) throw badRows(problems);
  const attempts = withSteps(read);
  if (attempts.length === 0) throw new AfterokError('bad-history', `${file}: no tasks that have ended`);
  return attempts;
}

function badRows(problems: readonly string[]): AfterokError {
  const rest = problems.length - NAMED;
  const more = rest > 0 ? `; and ${rest} more bad ${rest === 1 ? 'row' : 'rows'}` : '';
  return new AfterokError('bad-history', `${problems.slice(0, NAMED).join('; ')}${more}`);
}

/** A row as it was read: an attempt, or a step of sacct that says how much memory an attempt used. */
interface ReadRow {
  /** By which steps find their job. */
  job: string;
  step: boolean;
  attempt: Attempt | null;
  maxRss: number | null;
}

function readRow(row: HistoryRow): ReadRow {
  const id = identity(row);
  const maxRss = memoryUsed(row);
  const state = stateOf(row);
  if (id.index === null || id.step || !stateTraits(state).terminal) return { ...id, attempt: null, maxRss };
  const attempt = {
    index: id.index,
    level: null,
    end: attemptEnd({ state, exit: { code: 1, signal: 0 } }, DEFAULT_POLICY),
    mem: requested(row),
    elapsed: elapsed(row),
    maxRss,
    cpus: cpus(row),
  };
  return { ...id, attempt, maxRss };
}

function stateOf(row: HistoryRow): JobState {
  const text = row.text('state') ?? 'COMPLETED';
  const { state } = parseJobState(text);
  if (state === 'UNKNOWN') throw new FormatError('state', text, 'a state of Slurm such as COMPLETED');
  return state;
}

/** An index, or the task of a job id; a job that is no array is its own task, the pending rest of an array is none. */
function identity(row: HistoryRow): { job: string; step: boolean; index: number | null } {
  const index = row.text('index');
  if (index !== null) {
    if (!/^\d{1,10}$/.test(index)) throw new FormatError('index', index, 'a whole number from 0 on');
    return { job: index, step: false, index: Number(index) };
  }
  const id = parseJobId(row.text('jobid') ?? '');
  if (id.kind === 'pending') return { job: '', step: false, index: null };
  const task = id.kind === 'task' ? id.task : id.job;
  return { job: `${id.job}_${task}`, step: id.step !== null, index: task };
}

function memoryUsed(row: HistoryRow): number | null {
  const memory = row.text('memory');
  if (memory !== null) return parseMemory(memory).bytes;
  const maxRss = row.text('maxrss');
  return maxRss === null ? null : parseMaxRss(maxRss);
}

/** sacct's ReqMem per CPU (before 21.08 `4Gc`) times the CPUs. */
function requested(row: HistoryRow): number | null {
  const text = row.text('reqmem');
  if (text === null) return null;
  const { bytes, per } = parseMemory(text);
  if (bytes === 0) return null;
  return per === 'cpu' ? bytes * cpus(row) : bytes;
}

/** Seconds as a number, or a clock: `90`, `00:01:30`, `1-00:00:00`. */
function elapsed(row: HistoryRow): number {
  const text = row.text('elapsed') ?? '';
  return /^\d{1,10}(\.\d+)?$/.test(text) ? Number(text) : parseDuration(text);
}

function cpus(row: HistoryRow): number {
  const text = row.text('cpus');
  if (text === null || text === '0') return 1;
  if (!/^\d{1,6}$/.test(text)) throw new FormatError('number of CPUs', text, 'a whole number from 1 on');
  return Number(text);
}

/** sacct has MaxRSS on the rows of steps. */
function withSteps(rows: readonly ReadRow[]): Attempt[] {
  const used = new Map<string, number>();
  for (const { job, step, maxRss } of rows) {
    if (step && maxRss !== null) used.set(job, Math.max(used.get(job) ?? 0, maxRss));
  }
  return rows.flatMap(({ job, attempt }) =>
    attempt === null ? [] : [{ ...attempt, maxRss: attempt.maxRss ?? used.get(job) ?? null }],
  );
}
