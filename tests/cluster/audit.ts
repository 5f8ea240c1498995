import type { Checkpoint, Round, TaskOutcome } from '../../lib/chain/checkpoint.js';
import { type AccountingRow, expandSpec } from './cluster.js';

/** What is compared: what the chain says of itself, and what Slurm says. */
export interface Evidence {
  checkpoint: Checkpoint;
  /** All indices that were asked for; `[0]` for a single job. */
  indices: readonly number[];
  /** The outcome file of each round, by round number. */
  outcomes: ReadonlyMap<number, readonly TaskOutcome[]>;
  /** Accounting of the whole cluster; the chain's jobs are found in it by their tokens. */
  rows: readonly AccountingRow[];
  /** Accounting was away when tasks ended: it may have their states without the exit codes. */
  exitsLost?: boolean;
}

/**
 * Replays a chain that has ended from what Slurm knows, without the product's own code: no token was used twice, each
 * index had exactly one attempt in each round that names it, rounds hand on exactly what they did not end, and
 * every index ended once.
 *
 * @returns what does not hold, one line each
 */
export function audit(evidence: Evidence): string[] {
  const { checkpoint, indices } = evidence;
  const violations = foreignJobs(evidence);
  let expected = [...indices].sort((a, b) => a - b);
  const ended: number[] = [];
  for (const round of checkpoint.rounds) {
    const named = sorted(round.jobs.flatMap((job) => expandSpec(job.indices)));
    if (!same(named, expected)) violations.push(`round ${round.number} has ${named}, expected ${expected}`);
    violations.push(...roundAttempts(evidence, round));
    const { result } = round;
    if (result === null) return [...violations, `round ${round.number} has no result`];
    const { completed, failed, retrying, unknown } = result.buckets;
    const all = sorted([completed, failed, retrying, unknown].flatMap(expandSpec));
    if (!same(all, named)) violations.push(`round ${round.number} puts ${all} into buckets, not ${named}`);
    ended.push(...expandSpec(completed), ...expandSpec(failed), ...expandSpec(unknown));
    expected = expandSpec(retrying);
  }
  if (expected.length > 0) violations.push(`${expected} were to be retried and never were`);
  if (!same(sorted(ended), sorted(indices)))
    violations.push(`ended: ${sorted(ended)}, asked for: ${indices}`);
  return violations;
}

/** Jobs under tokens of the chain that it does not know, or two jobs under one token. */
function foreignJobs({ checkpoint, rows }: Evidence): string[] {
  const known = new Map(
    checkpoint.rounds
      .flatMap((round) => [...round.jobs, ...round.handlers])
      .map((job) => [job.token, job.jobId]),
  );
  const jobs = new Map<string, Set<string>>();
  for (const row of rows) {
    const token = row.comment.split(' ')[0] ?? '';
    if (token.startsWith(`afterok:${checkpoint.chain}:`))
      jobs.set(token, (jobs.get(token) ?? new Set()).add(row.job));
  }
  return [...jobs].flatMap(([token, ids]) => {
    if (!known.has(token)) return [`jobs ${[...ids]} under ${token}, which the chain does not know`];
    if (ids.size > 1) return [`jobs ${[...ids]} under the one token ${token}`];
    return ids.has(`${known.get(token)}`)
      ? []
      : [`${token}: job ${[...ids]}, the chain says ${known.get(token)}`];
  });
}

/** One attempt per index, and the outcome file says of it what Slurm says. */
function roundAttempts({ outcomes, rows, exitsLost = false }: Evidence, round: Round): string[] {
  const violations: string[] = [];
  const told = new Map((outcomes.get(round.number) ?? []).map((outcome) => [outcome.index, outcome]));
  for (const job of round.jobs) {
    const indices = expandSpec(job.indices);
    const attempts = rows.filter((row) => row.job === job.jobId);
    if (attempts.length !== indices.length)
      violations.push(`job ${job.jobId}: ${attempts.length} attempts of ${indices.length} tasks`);
    for (const [position, index] of indices.entries()) {
      const task = job.array === null ? null : job.mapped ? position : index;
      const row = attempts.find((attempt) => attempt.task === task);
      const outcome = told.get(index);
      const where = `round ${round.number}, index ${index}`;
      if (row === undefined) violations.push(`${where}: Slurm knows no attempt`);
      else if (outcome === undefined) violations.push(`${where}: no outcome`);
      else if (
        row.state !== outcome.state ||
        (row.exit !== printed(outcome.exit) && !(exitsLost && row.exit === '0:0'))
      )
        violations.push(
          `${where}: outcome ${outcome.state} ${printed(outcome.exit)}, accounting ${row.state} ${row.exit}`,
        );
    }
  }
  return violations;
}

/** An exit code as sacct prints it; the controller's own has one bit more. */
function printed({ code, signal }: TaskOutcome['exit']): string {
  return `${code % 128}:${signal}`;
}

function sorted(indices: readonly number[]): number[] {
  return [...indices].sort((a, b) => a - b);
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((index, position) => index === b[position]);
}
