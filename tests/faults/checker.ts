import { existsSync, readFileSync } from 'node:fs';
import type { Checkpoint, Round } from '../../lib/chain/checkpoint.js';
import type { StatePolicy } from '../../lib/chain/ladder.js';
import { chainStatus } from '../../lib/chain/status.js';
import type { HistoryRecord } from './history.js';
import type { TrueRun } from './truth.js';

/**
 * Replays what a chain wrote down against what really happened. It shares no logic with the chain: it expands sets of
 * indices, follows the policy and counts by itself.
 *
 * @returns one line for every promise that was broken; none for a good history
 */
export function violations(record: HistoryRecord): string[] {
  const { truth, chain, leftovers } = record;
  return [
    ...truth.crashes,
    ...overlappingRuns(truth.runs),
    ...leftovers.map((line) => `left in the queue when nothing more could happen: ${line}`),
    ...(chain === null ? withoutChain(truth.runs) : new Replay(record, chain.checkpoint).violations()),
  ];
}

function withoutChain(runs: readonly TrueRun[]): string[] {
  return runs.length === 0 ? [] : [`${runs.length} tasks ran, and no chain knows of them`];
}

/** At most one active attempt per index, one run per index and round, nothing again that completed. */
function overlappingRuns(runs: readonly TrueRun[]): string[] {
  const found: string[] = [];
  for (const index of new Set(runs.map((run) => run.index))) {
    const own = runs.filter((run) => run.index === index);
    own.forEach((run, position) => {
      for (const earlier of own.slice(0, position)) {
        if (earlier.endedAt === null || earlier.endedAt > run.startedAt) {
          found.push(`index ${index} ran in rounds ${earlier.round} and ${run.round} at once`);
        }
        if (earlier.end?.state === 'COMPLETED') {
          found.push(
            `index ${index} completed in round ${earlier.round} and ran again in round ${run.round}`,
          );
        }
        if (earlier.round === run.round) {
          found.push(`index ${index} ran twice in round ${run.round}: jobs ${earlier.job} and ${run.job}`);
        }
      }
    });
  }
  return found;
}

/** `0-6:2,4` as a sorted list: a set, its runs may overlap. */
function expandSpec(spec: string): number[] {
  if (spec === '') return [];
  const members = spec.split(',').flatMap((part) => {
    const [, low = '', high = low, step = '1'] = /^(\d+)(?:-(\d+))?(?::(\d+))?$/.exec(part) ?? [];
    const count = Math.floor((Number(high) - Number(low)) / Number(step)) + 1;
    return Array.from({ length: count }, (_, position) => Number(low) + position * Number(step));
  });
  return [...new Set(members)].sort((a, b) => a - b);
}

type BucketName = 'completed' | 'retrying' | 'failed' | 'unknown';

/** What a line of an outcomes file says. */
interface WrittenOutcome {
  index: number;
  job: string;
  state: string;
}

class Replay {
  private readonly found: string[] = [];
  private readonly runs: ReadonlyMap<string, TrueRun>;

  constructor(
    private readonly record: HistoryRecord,
    private readonly checkpoint: Checkpoint,
  ) {
    this.runs = new Map(record.truth.runs.map((run) => [`${run.round} ${run.index}`, run]));
  }

  violations(): string[] {
    const { state, rounds } = this.checkpoint;
    let expected = this.record.plan.indices;
    for (const round of rounds) expected = this.round(round, expected);
    const open = ['active', 'blocked', 'stopped'].includes(state);
    if (open && !this.evidenceIsGone()) {
      this.found.push(`the chain never ended: it is ${state} (${this.checkpoint.reason})`);
    }
    this.strayRuns();
    if (!open) this.status();
    return this.found;
  }

  /** Ids that start again replace the records of the jobs that bore them: nobody can say any more how those ended. */
  private evidenceIsGone(): boolean {
    const { state, reason } = this.checkpoint;
    const replaced = this.record.truth.faults.some((fault) => fault.endsWith(': job ids start again'));
    return (
      replaced && state === 'stopped' && /^round \d+: the fate of \d+ tasks is not known/.test(reason ?? '')
    );
  }

  /** @returns the indices of which the next round must consist */
  private round(round: Round, expected: readonly number[]): number[] {
    const { number } = round;
    const members = round.jobs.flatMap((job) => expandSpec(job.indices)).sort((a, b) => a - b);
    this.same(members, expected, `round ${number} consists of other indices than were to be run`);
    for (const job of round.jobs) this.levels(round, job.level, expandSpec(job.indices));
    if (round.result === null) return [];
    const buckets = Object.entries(round.result.buckets).map(
      ([name, spec]) => [name as BucketName, expandSpec(spec)] as const,
    );
    const placed = buckets.flatMap(([, indices]) => indices).sort((a, b) => a - b);
    this.same(placed, members, `round ${number} does not place each index in one bucket`);
    const outcomes = this.outcomes(round);
    for (const [name, indices] of buckets) {
      for (const index of indices) this.placement(round, name, index, outcomes.get(index));
    }
    return buckets.find(([name]) => name === 'retrying')?.[1] ?? [];
  }

  private same(actual: readonly number[], expected: readonly number[], otherwise: string): void {
    if (actual.join() !== expected.join()) this.found.push(`${otherwise}: ${actual} instead of ${expected}`);
  }

  /** What ran was what the round says, with what its level grants. */
  private levels({ number }: Round, level: number, indices: readonly number[]): void {
    const rung = this.checkpoint.ladder.levels[level];
    for (const index of indices) {
      const run = this.runs.get(`${number} ${index}`);
      if (run === undefined) continue;
      if (run.level !== level || run.memory !== rung?.mem || run.timeLimit !== rung.time) {
        this.found.push(
          `index ${index} ran in round ${number} at level ${run.level} with ${run.memory} bytes, ${run.timeLimit} s`,
        );
      }
    }
  }

  private outcomes(round: Round): ReadonlyMap<number, WrittenOutcome> {
    const path = this.record.chain?.paths.outcomes(round.number) ?? '';
    if (!existsSync(path)) {
      this.found.push(`round ${round.number} has finished without an outcomes file`);
      return new Map();
    }
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    return new Map(
      lines.map((line) => {
        const outcome = JSON.parse(line) as WrittenOutcome;
        return [outcome.index, outcome];
      }),
    );
  }

  private placement(
    round: Round,
    bucket: BucketName,
    index: number,
    outcome: WrittenOutcome | undefined,
  ): void {
    const run = this.runs.get(`${round.number} ${index}`);
    const cancelled = this.checkpoint.state === 'cancelled';
    const where = `index ${index} in round ${round.number}`;
    if (bucket === 'unknown') {
      if (!cancelled) this.found.push(`${where} is of unknown fate in a round that is decided`);
      return;
    }
    const truth = run === undefined ? this.neverRan(round, index) : (run.end?.state ?? 'RUNNING');
    if (outcome?.state !== truth) {
      this.found.push(`${where} is written down as ${outcome?.state}, and was ${truth}`);
    }
    if ((bucket === 'completed') !== (truth === 'COMPLETED')) {
      this.found.push(`${where} is placed under ${bucket}, and was ${truth}`);
      return;
    }
    if (bucket === 'completed' || cancelled) return;
    const may = this.mayRunAgain(round, index, truth, run);
    if (may !== 'either' && (bucket === 'retrying') !== (may === 'yes')) {
      this.found.push(`${where} is placed under ${bucket} after ${truth} ${run?.end?.code ?? ''}`);
    }
  }

  /** A task that never ran can only have been cancelled. */
  private neverRan(round: Round, index: number): string {
    const byHand = this.record.truth.cancelledByHand.some(({ job, task }) =>
      round.jobs.some((own) => {
        if (own.jobId !== String(job)) return false;
        return task === null || (own.mapped ? expandSpec(own.indices)[task] : task) === index;
      }),
    );
    return byHand || this.checkpoint.state === 'cancelled' ? 'CANCELLED' : 'never run';
  }

  /** What the policy as written says of an end; `either` where nodes or caps of the chain have a say. */
  private mayRunAgain(
    round: Round,
    index: number,
    state: string,
    run: TrueRun | undefined,
  ): 'yes' | 'no' | 'either' {
    const { ladder, request, excludedNodes } = this.checkpoint;
    if (ladder.caps.attempts !== null && round.result?.capped) return 'either';
    const nodeBlamed = run !== undefined && excludedNodes.some(({ node }) => node === run.node);
    if (nodeBlamed && ['FAILED', 'NODE_FAIL'].includes(state)) return 'either';
    const level = run?.level ?? 0;
    const before = this.record.truth.runs.filter(
      (earlier) =>
        earlier.index === index &&
        earlier.round < round.number &&
        earlier.level === level &&
        counter(earlier.end?.state ?? '') === counter(state),
    ).length;
    switch (rule(ladder.policy, state, run?.end?.code ?? 0)) {
      case 'escalate':
        return level < request.maxLevel ? 'yes' : 'no';
      case 'retry':
        return before < ladder.retryLimit ? 'yes' : 'no';
      default:
        return 'no';
    }
  }

  /** Every run belongs to a round that the checkpoint knows. */
  private strayRuns(): void {
    for (const run of this.record.truth.runs) {
      const round = this.checkpoint.rounds.find(({ number }) => number === run.round);
      const job = round?.jobs.find(({ jobId }) => jobId === String(run.job));
      if (job === undefined) {
        this.found.push(
          `index ${run.index} ran as job ${run.job} of round ${run.round}, which the checkpoint does not know`,
        );
      }
    }
  }

  /** What a person is told adds up to what happened. */
  private status(): void {
    const { counts, tasks, ended } = chainStatus(this.checkpoint, null, { scriptChanged: false });
    const truly = new Set(
      this.record.truth.runs.filter(({ end }) => end?.state === 'COMPLETED').map(({ index }) => index),
    ).size;
    const told = counts.completed;
    if (!ended) this.found.push('status does not say that the chain has ended');
    if (told !== truly && this.checkpoint.state !== 'cancelled') {
      this.found.push(`status tells of ${told} completed tasks, ${truly} did`);
    }
    if (told > truly) this.found.push(`status tells of ${told} completed tasks, only ${truly} did`);
    const sum = Object.values(counts).reduce((all, count) => all + count, 0);
    if (sum !== tasks || tasks !== this.record.plan.indices.length) {
      this.found.push(
        `status tells of ${sum} of ${tasks} tasks, there are ${this.record.plan.indices.length}`,
      );
    }
    if (this.checkpoint.state === 'completed' && truly !== tasks) {
      this.found.push(`the chain is completed with ${truly} of ${tasks} tasks`);
    }
  }
}

/** Ends that are the cluster's doing are counted each apart, all others together. */
function counter(state: string): string {
  return ['NODE_FAIL', 'PREEMPTED', 'BOOT_FAIL'].includes(state) ? state : 'others';
}

/** The policy as a person reads it: exit codes stand above FAILED; what is not named is not run again. */
function rule({ states, exitCodes }: StatePolicy, state: string, code: number): string {
  if (state === 'FAILED') {
    const named = exitCodes.findLast(([known]) => known === code);
    if (named !== undefined) return named[1];
  }
  return (states as Readonly<Record<string, string>>)[state] ?? 'no_retry';
}
