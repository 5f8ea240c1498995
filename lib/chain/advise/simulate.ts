import { type JobState, stateTraits } from '../../slurm/job-state.js';
import { ALL_OF_NODE } from '../../slurm/memory-size.js';
import { verdict } from '../decide.js';
import { type IndexSet, indexSet } from '../index-set.js';
import type { Ladder, Level } from '../ladder.js';
import type { TaskNeed } from './task-need.js';
import { type Rung, type Trial, type TrialEnd, trial } from './trial.js';

/** What attempts cost. GB are 2^30 bytes, of the memory that was asked for. */
export interface Cost {
  attempts: number;
  coreHours: number;
  /** Without the attempts at levels that do not say how much memory they ask for. */
  gbHours: number;
}

/** What a level, or all of them, would have seen. */
export interface LevelRun extends Cost {
  completed: number;
  outOfMemory: number;
  timeout: number;
  failed: number;
  /** Attempts of tasks that were never seen to end, with more than was ever tried. */
  undetermined: number;
}

export interface Simulation {
  /** One for each level from the first to the last that the chain may use. */
  levels: (LevelRun & { level: number })[];
  total: LevelRun;
  /** Seconds from the first start to the last end, were there no waiting: at least. */
  wall: number;
  /** How many rounds it takes. */
  rounds: number;
  /** Where each task ends. */
  ends: Record<TaskEnd, IndexSet>;
}

/** `failed`: the policy does not run it again. `exhausted`: not even the highest level suffices. */
export type TaskEnd = 'completed' | 'failed' | 'exhausted' | 'undetermined';

export interface SimulationRange {
  startLevel: number;
  maxLevel: number;
  /** How many tasks run at once; null for all. */
  slots: number | null;
}

type SimulatedLadder = Pick<Ladder, 'levels' | 'policy' | 'retryLimit'>;

/** Runs the tasks on a ladder, as its policy has it: what it would have cost, and who would not have ended. */
export function simulate(
  needs: Iterable<TaskNeed>,
  ladder: SimulatedLadder,
  range: SimulationRange,
): Simulation {
  const levels = ladder.levels
    .map((_, level) => ({ level, ...noRun() }))
    .slice(range.startLevel, range.maxLevel + 1);
  const rounds: { longest: number; sum: number }[] = [];
  const ends: Record<TaskEnd, number[]> = { completed: [], failed: [], exhausted: [], undetermined: [] };
  for (const need of needs) {
    const path = climb(need, ladder, range);
    for (const [position, { level, end, elapsed }] of path.attempts.entries()) {
      const run = levels[level - range.startLevel];
      if (run !== undefined) add(run, end, elapsed, need.cpus, ladder.levels[level]);
      const round = rounds[position] ?? { longest: 0, sum: 0 };
      rounds[position] = { longest: Math.max(round.longest, elapsed), sum: round.sum + elapsed };
    }
    ends[path.end].push(need.index);
  }
  return {
    levels,
    total: levels.reduce(sum, noRun()),
    wall: rounds.reduce((wall, round) => wall + Math.max(round.longest, spread(round.sum, range.slots)), 0),
    rounds: rounds.length,
    ends: {
      completed: indexSet(ends.completed),
      failed: indexSet(ends.failed),
      exhausted: indexSet(ends.exhausted),
      undetermined: indexSet(ends.undetermined),
    },
  };
}

function spread(seconds: number, slots: number | null): number {
  return slots === null ? 0 : seconds / slots;
}

/** What a level gives. One that names no memory or time leaves them to the script: taken as enough. */
export function rungOf({ mem, time }: Pick<Level, 'mem' | 'time'>): Rung {
  return {
    mem: mem === null || mem === ALL_OF_NODE ? Number.POSITIVE_INFINITY : mem,
    time: time ?? Number.POSITIVE_INFINITY,
  };
}

interface Path {
  attempts: (Trial & { level: number })[];
  end: TaskEnd;
}

/** The attempts of one task. Its needs do not change, so a retry at the same level ends as the attempt before. */
function climb(need: TaskNeed, ladder: SimulatedLadder, { startLevel, maxLevel }: SimulationRange): Path {
  const attempts: Path['attempts'] = [];
  for (let level = startLevel; ; level += 1) {
    const asked = ladder.levels[level];
    if (asked === undefined) throw new Error(`the ladder has no level ${level}`);
    const tried = { level, ...trial(need, rungOf(asked)) };
    attempts.push(tried);
    if (tried.end === 'undetermined') return { attempts, end: 'undetermined' };
    const judged = verdict(observed(tried.end), ladder.policy, 'retry');
    if (judged === 'completed') return { attempts, end: 'completed' };
    if (judged === 'retry') {
      for (let again = 0; again < ladder.retryLimit; again += 1) attempts.push(tried);
      return { attempts, end: 'failed' };
    }
    if (judged !== 'escalate') return { attempts, end: 'failed' };
    if (level >= maxLevel) return { attempts, end: 'exhausted' };
  }
}

const SLURM_ENDS: Readonly<Record<Exclude<TrialEnd, 'undetermined'>, [JobState, number, number]>> = {
  completed: ['COMPLETED', 0, 0],
  out_of_memory: ['OUT_OF_MEMORY', 0, 125],
  timeout: ['TIMEOUT', 0, 0],
  failed: ['FAILED', 1, 0],
};

/** How Slurm would report such an end. */
function observed(end: Exclude<TrialEnd, 'undetermined'>) {
  const [state, code, signal] = SLURM_ENDS[end];
  return { state, terminal: stateTraits(state).terminal, exit: { code, signal }, scriptExit: null };
}

const COUNTED = {
  completed: 'completed',
  out_of_memory: 'outOfMemory',
  timeout: 'timeout',
  failed: 'failed',
  undetermined: 'undetermined',
} as const satisfies Record<TrialEnd, keyof LevelRun>;

function add(run: LevelRun, end: TrialEnd, elapsed: number, cpus: number, level: Level | undefined): void {
  run[COUNTED[end]] += 1;
  addCost(run, elapsed, cpus, level?.mem ?? null);
}

/** @param mem bytes that were asked for; null or all of a node for what has no size */
export function addCost(cost: Cost, elapsed: number, cpus: number, mem: number | null): void {
  cost.attempts += 1;
  cost.coreHours += (elapsed * cpus) / 3600;
  if (mem !== null && Number.isFinite(mem)) cost.gbHours += ((elapsed / 3600) * mem) / 2 ** 30;
}

export function noRun(): LevelRun {
  return {
    attempts: 0,
    coreHours: 0,
    gbHours: 0,
    completed: 0,
    outOfMemory: 0,
    timeout: 0,
    failed: 0,
    undetermined: 0,
  };
}

function sum(a: LevelRun, b: LevelRun): LevelRun {
  const keys = Object.keys(a) as (keyof LevelRun)[];
  return Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as unknown as LevelRun;
}
