import { mkdirSync } from 'node:fs';
import { NO_CAPS } from '../../lib/chain/caps.js';
import type { Checkpoint, Round, TaskOutcome } from '../../lib/chain/checkpoint.js';
import { roundResult, roundTasks } from '../../lib/chain/conclude-round.js';
import { decide, type RetryGroup } from '../../lib/chain/decide.js';
import { DEFAULT_POLICY, type Level } from '../../lib/chain/ladder.js';
import { writeCheckpoint } from '../../lib/chain/open-chain.js';
import { writeOutcomes } from '../../lib/chain/outcomes-file.js';
import type { TrackerPaths } from '../../lib/chain/paths.js';
import { plannedHandlers, planRound } from '../../lib/chain/plan.js';
import { expand, parseArraySpec } from '../../lib/slurm/array-spec.js';
import { parseExitCode } from '../../lib/slurm/exit-code.js';
import { parseMemory } from '../../lib/slurm/memory-size.js';

export const SIMULATED_ID = '20251224-053904-t0l3';

/** What a test says of an attempt; the rest is made up. */
export interface Ending {
  state: TaskOutcome['state'];
  exit?: string;
  node?: string | null;
  elapsed?: number;
}

export interface SimulationOptions {
  /** How the attempt of a task ends; null for no evidence at all. */
  ending: (index: number, round: number) => Ending | null;
  chain?: string;
  array?: string | null;
  memory?: readonly (string | null)[];
  policy?: Checkpoint['ladder']['policy'];
  retryLimit?: number;
  limits?: Partial<Checkpoint['limits']>;
  history?: Checkpoint['ladder']['history'];
  /** Rounds that have been decided; the one behind them is in the queue. All, when it is not given. */
  decided?: number;
}

export interface SimulatedChain {
  checkpoint: Checkpoint;
  outcomes: ReadonlyMap<number, TaskOutcome[]>;
}

/** A chain as it is when Slurm has answered as told: its rounds are planned and decided by the real functions. */
export function simulateChain(options: SimulationOptions): SimulatedChain {
  const checkpoint = newCheckpoint(options);
  const outcomes = new Map<number, TaskOutcome[]>();
  const indices = Uint32Array.from(expand(parseArraySpec(checkpoint.request.array ?? '0')));
  let groups: RetryGroup[] = [{ level: 0, indices, exclude: [] }];
  for (let number = 1; groups.length > 0; number += 1) {
    const round = submittedRound(checkpoint, number, groups);
    checkpoint.rounds.push(round);
    checkpoint.sequence += 4;
    checkpoint.updatedAt = 1000 * number;
    if (number > (options.decided ?? Number.POSITIVE_INFINITY)) return { checkpoint, outcomes };
    outcomes.set(number, outcomesOf(round, options.ending));
    groups = concludeRound(checkpoint, round, outcomes.get(number) ?? []);
  }
  checkpoint.state = endState(checkpoint);
  return { checkpoint, outcomes };
}

/** @returns what the next round runs */
function concludeRound(checkpoint: Checkpoint, round: Round, outcomes: TaskOutcome[]): RetryGroup[] {
  const { ladder, request } = checkpoint;
  const evidence = new Map(outcomes.map((outcome) => [outcome.index, outcome]));
  const decision = decide(
    roundTasks(checkpoint, round),
    evidence,
    ladder,
    request.maxLevel,
    1000 * round.number + 500,
  );
  const finishedAt = 1000 * round.number + 500;
  round.result = { ...roundResult(decision, evidence), finishedAt };
  round.phase = 'finished';
  checkpoint.sequence += 1;
  checkpoint.updatedAt = finishedAt;
  checkpoint.events.push({ at: finishedAt, round: round.number, kind: 'decided', text: 'as told' });
  return decision.next;
}

function endState({ rounds }: Checkpoint): Checkpoint['state'] {
  const causes = rounds.flatMap((round) => round.result?.failures.map(({ cause }) => cause) ?? []);
  if (causes.length === 0) return 'completed';
  return causes.includes('exhausted') ? 'exhausted' : 'failed';
}

function newCheckpoint(options: SimulationOptions): Checkpoint {
  const { memory = ['1G', '2G', '4G', '8G'], array = '0-29' } = options;
  const levels = memory.map((text) => level(text === null ? null : parseMemory(text).bytes));
  return {
    version: 1,
    chain: options.chain ?? SIMULATED_ID,
    sequence: 0,
    state: 'active',
    reason: null,
    createdAt: 1000,
    updatedAt: 1000,
    user: 'ada',
    request: {
      script: { path: '/home/ada/job.sh', name: 'job.sh', sha256: 'abc' },
      args: [],
      cwd: '/home/ada',
      array,
      throttle: null,
      export: { mode: 'ALL', names: [] },
      options: [],
      firstRoundOptions: [],
      comment: null,
      exclude: null,
      output: null,
      error: null,
      startLevel: 0,
      maxLevel: levels.length - 1,
    },
    ladder: {
      file: '/home/ada/ladder.yaml',
      levels,
      axes: null,
      policy: options.policy ?? DEFAULT_POLICY,
      handler: { partition: null, mem: null, time: null, account: null, qos: null },
      maxArraySpecLength: 4096,
      retryLimit: options.retryLimit ?? 3,
      caps: NO_CAPS,
      nodeExclusion: null,
      retryBudgets: {},
      oomExit0: 'retry',
      completionRecords: false,
      history: options.history ?? { enabled: true, database: null },
    },
    limits: { maxArraySize: 20_001, maxArraySpecLength: 4096, ...options.limits },
    evidence: { accounting: true, records: false, comments: true },
    handler: { partition: null, mem: 2 ** 28, time: 3600, account: null, qos: null },
    rounds: [],
    excludedNodes: [],
    events: [{ at: 1000, round: 1, kind: 'created', text: 'by a test' }],
  };
}

function level(mem: number | null): Level {
  return {
    partition: 'day',
    mem,
    time: Number.POSITIVE_INFINITY,
    qos: null,
    account: null,
    constraint: null,
    gres: null,
    cpus: null,
    exclude: null,
  };
}

/** Job ids from 100 times the round on, handlers from 50 behind them. */
function submittedRound(
  { chain, request, limits }: Checkpoint,
  number: number,
  groups: readonly RetryGroup[],
): Round {
  const round = planRound(chain, number, groups, request, limits, 1000 * number);
  const jobs = round.jobs.map((job, position) => ({ ...job, jobId: String(100 * number + position) }));
  const handlers = plannedHandlers(chain, round).map((handler, position) => ({
    ...handler,
    jobId: String(100 * number + 50 + position),
  }));
  return { ...round, phase: 'running', jobs, handlers };
}

function outcomesOf(round: Round, ending: SimulationOptions['ending']): TaskOutcome[] {
  return round.jobs.flatMap((job) =>
    [...expand(parseArraySpec(job.indices))].flatMap((index) => {
      const end = ending(index, round.number);
      if (end === null) return [];
      const { state, exit = '0:0', node = 'd1', elapsed = 5 } = end;
      const start = 1000 * round.number;
      return {
        index,
        job: `${job.jobId}_${index}`,
        state,
        terminal: state !== 'RUNNING' && state !== 'UNKNOWN',
        exit: parseExitCode(exit),
        scriptExit: null,
        node,
        elapsed,
        cpus: 1,
        maxRss: 2 ** 20,
        start,
        end: start + elapsed,
      };
    }),
  );
}

/** Writes a chain's files as its handlers leave them. */
export function writeChain(tracker: TrackerPaths, { checkpoint, outcomes }: SimulatedChain): void {
  const paths = tracker.chain(checkpoint.chain);
  mkdirSync(paths.folder, { recursive: true });
  mkdirSync(tracker.checkpoints, { recursive: true });
  for (const [round, attempts] of outcomes) writeOutcomes(paths.outcomes(round), attempts);
  writeCheckpoint(paths, checkpoint);
}
