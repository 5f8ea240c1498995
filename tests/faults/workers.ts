import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Verdict } from './replay.js';

/** What many histories came to. */
export interface Summary {
  histories: number;
  /** Histories that broke a promise. */
  broken: Verdict[];
  summary: {
    /** Chains by how they ended; `none`: the submission left none. */
    ends: Record<string, number>;
    faults: Record<string, number>;
    tasks: number;
    runs: number;
    rounds: number;
    killed: number;
    virtualDays: number;
  };
}

/** Seeds that a worker runs one after the other. */
const BATCH = 20;

export function seeds(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, position) => first + position);
}

/** Runs histories, as many at once as the machine has processors: each thread has a Math.random of its own. */
export async function runHistories(
  wanted: readonly number[],
  onVerdict: (verdict: Verdict) => void = () => {},
): Promise<Summary> {
  const left = [...wanted];
  const total: Summary = {
    histories: 0,
    broken: [],
    summary: { ends: {}, faults: {}, tasks: 0, runs: 0, rounds: 0, killed: 0, virtualDays: 0 },
  };
  const take = (verdict: Verdict) => {
    add(total, verdict);
    onVerdict(verdict);
  };
  const threads = Math.max(1, Math.min(availableParallelism(), Math.ceil(wanted.length / BATCH)));
  await Promise.all(Array.from({ length: threads }, () => runWorker(left, take)));
  return total;
}

function runWorker(left: number[], take: (verdict: Verdict) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(new URL('worker.js', import.meta.url)));
    const next = () => worker.postMessage(left.splice(0, BATCH));
    worker.on('message', (verdicts: Verdict[]) => {
      verdicts.forEach(take);
      if (left.length > 0) next();
      else worker.postMessage(null);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    next();
  });
}

function add(total: Summary, verdict: Verdict): void {
  const { summary } = total;
  total.histories += 1;
  if (verdict.violations.length > 0) total.broken.push(verdict);
  count(summary.ends, verdict.state ?? 'none');
  for (const name of verdict.planned) count(summary.faults, name);
  summary.tasks += verdict.tasks;
  summary.runs += verdict.runs;
  summary.rounds += verdict.rounds;
  summary.killed += verdict.killed;
  summary.virtualDays += verdict.elapsed / 86_400;
}

function count(tally: Record<string, number>, name: string): void {
  tally[name] = (tally[name] ?? 0) + 1;
}
