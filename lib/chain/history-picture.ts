import { expand, parseArraySpec } from '../slurm/array-spec.js';
import type { ChainPicture, ChainRow, RoundRow, TaskRow } from '../store/history/rows.js';
import { type Checkpoint, handlerIds, jobIds, type Round, type TaskOutcome } from './checkpoint.js';
import type { Bucket } from './conservation.js';

/**
 * What the history database is told of a chain: the checkpoint, and the attempts of finished rounds.
 *
 * @param recorded numbers of the rounds whose attempts it has: their outcomes are not asked for
 */
export function chainPicture(
  checkpoint: Checkpoint,
  outcomesOf: (round: number) => Iterable<TaskOutcome>,
  recorded: ReadonlySet<number>,
): ChainPicture {
  const isNew = (round: Round) => round.result !== null && !recorded.has(round.number);
  return {
    chain: chainRow(checkpoint),
    rounds: checkpoint.rounds.map(roundRow),
    tasks: checkpoint.rounds.filter(isNew).flatMap((round) => [...taskRows(round, outcomesOf(round.number))]),
    events: checkpoint.events.map(({ at, round, kind, text }) => ({ at, round, kind, text })),
  };
}

function chainRow(checkpoint: Checkpoint): ChainRow {
  const { chain, sequence, state, reason, user, request, ladder, createdAt, updatedAt } = checkpoint;
  return {
    chain,
    sequence,
    state,
    reason,
    user,
    script: request.script.path,
    scriptSha256: request.script.sha256,
    cwd: request.cwd,
    ladder: ladder.file,
    array: request.array,
    tasks: tasksOf(checkpoint.rounds[0]),
    createdAt,
    updatedAt,
  };
}

function roundRow(round: Round): RoundRow {
  return {
    round: round.number,
    phase: round.phase,
    tasks: tasksOf(round),
    levels: [...new Set(round.jobs.map((job) => job.level))].join(','),
    jobIds: jobIds(round).join(','),
    handlerIds: handlerIds(round).join(','),
    startedAt: round.startedAt,
    finishedAt: round.result?.finishedAt ?? null,
  };
}

function tasksOf(round: Round | undefined): number {
  return round?.jobs.reduce((sum, job) => sum + job.count, 0) ?? 0;
}

/**
 * Exactly one row for each index of a finished round. The buckets of the checkpoint are what was decided; the outcome
 * is the evidence, which may be missing.
 */
function* taskRows(round: Round, outcomes: Iterable<TaskOutcome>): Generator<TaskRow> {
  const buckets = bucketsOf(round);
  const evidence = new Map<number, TaskOutcome>();
  for (const outcome of outcomes) evidence.set(outcome.index, outcome);
  for (const { level, indices } of round.jobs) {
    for (const taskIndex of expand(parseArraySpec(indices))) {
      const bucket = buckets.get(taskIndex) ?? 'unknown';
      yield { round: round.number, taskIndex, level, bucket, ...evidenceColumns(evidence.get(taskIndex)) };
    }
  }
}

function bucketsOf(round: Round): ReadonlyMap<number, Bucket> {
  const buckets = new Map<number, Bucket>();
  for (const [bucket, indices] of Object.entries(round.result?.buckets ?? {})) {
    if (indices === '') continue;
    for (const index of expand(parseArraySpec(indices))) buckets.set(index, bucket as Bucket);
  }
  return buckets;
}

function evidenceColumns(
  outcome: TaskOutcome | undefined,
): Omit<TaskRow, 'round' | 'taskIndex' | 'level' | 'bucket'> {
  return {
    state: outcome?.state ?? 'UNKNOWN',
    jobId: outcome?.job ?? null,
    exitCode: outcome?.exit.code ?? null,
    signal: outcome?.exit.signal ?? null,
    node: outcome?.node ?? null,
    elapsedSeconds: outcome?.elapsed ?? null,
    maxRssBytes: outcome?.maxRss ?? null,
    startedAt: outcome?.start ?? null,
    endedAt: outcome?.end ?? null,
  };
}
