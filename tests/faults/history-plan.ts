import { NO_CAPS } from '../../lib/chain/caps.js';
import { DEFAULT_POLICY, type Ladder, type StatePolicy } from '../../lib/chain/ladder.js';
import { DEFAULT_NODE_EXCLUSION } from '../../lib/chain/node-exclusion.js';
import type { Cluster } from '../../lib/pocket/cluster.js';
import { compress } from '../../lib/slurm/array-cover.js';
import { ladder, level } from '../chain/plain-chain.js';
import { drawFaults, type PlannedFault } from './fault-table.js';
import type { SeededRandom } from './random.js';
import { randomNature, type TaskNature } from './task-model.js';
import { machines } from './virtual-machines.js';

/** Everything that a seed decides before a history begins. */
export interface HistoryPlan {
  cluster: Cluster;
  ladder: Ladder;
  /** Null for a single job. */
  array: string | null;
  throttle: number | null;
  indices: number[];
  natures: ReadonlyMap<number, TaskNature>;
  faults: PlannedFault[];
  /** Probability that a process dies at one of its moments. */
  killRate: number;
}

const MEGABYTE = 2 ** 20;

export function drawPlan(random: SeededRandom): HistoryPlan {
  const indices = drawIndices(random);
  const single = indices === null;
  const all = indices ?? [0];
  const natures = random.fork();
  return {
    cluster: machines({
      maxArraySize: random.weighted([[3, 1001] as const, [1, 20] as const]),
      minJobAge: random.weighted([[3, 300] as const, [1, 2] as const]),
    }),
    ladder: drawLadder(random),
    array: single ? null : compress(Uint32Array.from(all)),
    throttle: !single && random.chance(0.2) ? random.integer(1, 5) : null,
    indices: all,
    natures: new Map(all.map((index) => [index, randomNature(natures)])),
    faults: drawFaults(random.fork()),
    killRate: random.weighted([[1, 0] as const, [2, 0.1] as const, [1, 0.4] as const]),
  };
}

/** @returns null for a chain without --array */
function drawIndices(random: SeededRandom): number[] | null {
  const count = random.weighted([[6, random.integer(1, 12)] as const, [1, random.integer(12, 40)] as const]);
  return random.weighted<() => number[] | null>([
    [1, () => null],
    [3, () => Array.from({ length: count }, (_, position) => position)],
    [2, () => Array.from({ length: count }, (_, position) => 3 + position * 7)],
    [3, () => [...new Set(Array.from({ length: count }, () => random.integer(0, 60)))].sort((a, b) => a - b)],
    [
      1,
      () => [...new Set(Array.from({ length: count }, () => random.integer(0, 5000)))].sort((a, b) => a - b),
    ],
  ])();
}

function drawLadder(random: SeededRandom): Ladder {
  const rungs = [
    level({ partition: 'small', mem: 128 * MEGABYTE, time: 60 }),
    level({ partition: 'small', mem: 512 * MEGABYTE, time: 120 }),
    level({ partition: 'small,big', mem: 1024 * MEGABYTE, time: 300 }),
    level({ partition: 'big', mem: 4096 * MEGABYTE, time: 900 }),
  ];
  const first = random.integer(0, 2);
  return ladder({
    levels: rungs.slice(first, random.integer(first + 1, rungs.length)),
    policy: drawPolicy(random),
    maxArraySpecLength: random.weighted([[3, 4096] as const, [1, 12] as const]),
    retryLimit: random.integer(0, 3),
    caps: random.chance(0.1) ? { ...NO_CAPS, attempts: random.integer(40, 60) } : NO_CAPS,
    nodeExclusion: random.chance(0.5) ? DEFAULT_NODE_EXCLUSION : null,
  });
}

function drawPolicy(random: SeededRandom): StatePolicy {
  return random.pick<StatePolicy>([
    DEFAULT_POLICY,
    { ...DEFAULT_POLICY, exitCodes: [...DEFAULT_POLICY.exitCodes, [7, 'retry'], [3, 'escalate']] },
    { ...DEFAULT_POLICY, states: { ...DEFAULT_POLICY.states, NODE_FAIL: 'retry', FAILED: 'retry' } },
  ]);
}
