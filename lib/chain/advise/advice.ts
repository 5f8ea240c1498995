import { ALL_OF_NODE } from '../../slurm/memory-size.js';
import type { PartitionNodes } from '../../slurm/sinfo.js';
import { partitionsFor } from '../cluster-fit.js';
import type { Ladder, Level } from '../ladder.js';
import { type Candidates, candidates } from './candidates.js';
import { withHeadroom } from './headroom.js';
import { type Percentiles, percentiles } from './percentiles.js';
import { ladderPrice, type Prices } from './price.js';
import { cheapestLadder } from './propose.js';
import { rungOf, type Simulation, simulate } from './simulate.js';
import type { TaskNeed } from './task-need.js';
import type { Rung } from './trial.js';

/** What was asked for, and on what it rests. */
export interface AdviceRequest {
  needs: readonly TaskNeed[];
  /** The ladder as it is now, and the part of it that chains use. */
  present: Ladder;
  range: { startLevel: number; maxLevel: number };
  /** Partitions that this person's chains have used: of these alone it is known that they may be used. */
  partitions: readonly string[];
  /** At most so many levels. */
  levels: number;
  /** Share that is added to what was observed. */
  headroom: number;
  prices: Prices;
  /** Null when Slurm does not answer: then nobody knows what it can run. */
  cluster: readonly PartitionNodes[] | null;
}

/** Sizes are bytes, times seconds, hours are of requested cores and GB. */
export interface Advice {
  tasks: number;
  /** Tasks that were seen to complete; only they count in the percentiles. */
  completed: number;
  /** Tasks that failed by themselves. */
  failed: number;
  memory: ObservedNeeds;
  time: ObservedNeeds;
  present: LadderCost;
  proposed: LadderCost;
  /** The proposal, whole: policy and all are those of the present one. */
  ladder: Ladder;
}

export interface ObservedNeeds {
  /** Of completed tasks. */
  percentiles: Percentiles | null;
  /**
   * Completed tasks for which the memory of their level stands in: their runs were too short to be sampled, or sampled
   * too low to be true.
   */
  assumed: number;
  /** Tasks of which an attempt ran out of it, and those among them that never completed: lower bounds. */
  ranOut: number;
  lowerBounds: number;
  /** The largest amount that did not suffice for a task that never completed. */
  largestBound: number | null;
}

export interface LadderCost {
  levels: { mem: number | null; time: number | null; partition: string | null }[];
  simulation: Simulation;
  /**
   * Core-seconds, memory and reserved time priced in, over needs with headroom: what the search has made as small as it
   * can be.
   */
  price: number;
}

/**
 * The cheapest ladder for tasks as they were seen to be, beside the present one.
 *
 * @returns null when no task was seen to complete
 */
export function advise(request: AdviceRequest): Advice | null {
  const { needs, present, range } = request;
  const levels = present.levels.slice(range.startLevel, range.maxLevel + 1);
  const rungs = levels.map(rungOf);
  const planned = withHeadroom(needs, rungs, request.headroom);
  const sizes = candidates(planned, rungs);
  if (sizes === null) return null;
  const proposed = propose(request, planned, levels, sizes);
  const ladder = { ...present, levels: proposed };
  const completed = needs.filter((need) => need.succeeds && need.time.known);
  const all = { startLevel: 0, maxLevel: proposed.length - 1 };
  return {
    tasks: needs.length,
    completed: completed.length,
    failed: needs.filter((need) => !need.succeeds).length,
    memory: observedNeeds(needs, completed, 'memory'),
    time: observedNeeds(needs, completed, 'time'),
    present: cost(present, range, request, planned),
    proposed: cost(ladder, all, request, planned),
    ladder,
  };
}

function observedNeeds(
  needs: readonly TaskNeed[],
  completed: readonly TaskNeed[],
  what: 'memory' | 'time',
): ObservedNeeds {
  const ranOut = needs.filter((need) => need.ranOut[what]);
  const bounds = ranOut.flatMap((need) => (need[what].known ? [] : [need[what].atLeast]));
  return {
    percentiles: percentiles(completed.map((need) => need[what].atLeast)),
    assumed: what === 'memory' ? completed.filter(({ measured }) => !measured).length : 0,
    ranOut: ranOut.length,
    lowerBounds: bounds.length,
    largestBound: bounds.reduce<number | null>((most, bound) => Math.max(most ?? 0, bound), null),
  };
}

/** Rungs of the lowest price; what the cluster cannot run is left out, unless it then could run nothing at all. */
function propose(
  request: AdviceRequest,
  planned: readonly TaskNeed[],
  present: readonly Level[],
  sizes: Candidates,
): Level[] {
  const { levels, prices, cluster, partitions: names } = request;
  const { states } = request.present.policy;
  const search = {
    // What does not climb has to have enough at once.
    mems: states.OUT_OF_MEMORY === 'escalate' ? sizes.mems : [sizes.top.mem],
    times: states.TIMEOUT === 'escalate' ? sizes.times : [sizes.top.time],
    top: sizes.top,
    levels,
    prices,
  };
  const partitions = (rung: Rung) =>
    partitionsFor({ ...donor(present, rung), ...rung }, names, cluster ?? []);
  const knowable = cluster !== null && (names.length > 0 || cluster.some((row) => row.isDefault));
  const admits = (rung: Rung) => !knowable || partitions(rung).length > 0;
  const found = cheapestLadder(planned, { ...search, admits });
  const rungs = found ?? cheapestLadder(planned, { ...search, admits: () => true }) ?? [sizes.top];
  return rungs.map((rung) => {
    const from = donor(present, rung);
    const able = knowable && names.length > 0 ? partitions(rung) : [];
    return { ...from, ...rung, partition: able.length > 0 ? able.join(',') : from.partition };
  });
}

/** The level whose other options a rung takes over: the lowest that offers as much, else the highest. */
function donor(present: readonly Level[], rung: Rung): Level {
  const enough = present.find((level) => {
    const { mem, time } = rungOf(level);
    return mem >= rung.mem && time >= rung.time;
  });
  const level = enough ?? present.at(-1);
  if (level === undefined) throw new Error('a ladder has at least one level');
  return level;
}

function cost(
  ladder: Ladder,
  range: { startLevel: number; maxLevel: number },
  { needs, prices }: AdviceRequest,
  planned: readonly TaskNeed[],
): LadderCost {
  const levels = ladder.levels.slice(range.startLevel, range.maxLevel + 1);
  return {
    levels: levels.map(({ mem, time, partition }) => ({ mem, time, partition })),
    simulation: simulate(needs, ladder, { ...range, slots: null }),
    price: ladderPrice(planned, levels.map(rungOf), prices),
  };
}

/** A level whose memory has no size costs GB-hours that nobody can name. */
export function memoryIsNamed({ levels }: LadderCost): boolean {
  return levels.every(({ mem }) => mem !== null && mem !== ALL_OF_NODE);
}
