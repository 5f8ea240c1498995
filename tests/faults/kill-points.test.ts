import t from 'tap';
import type { SideEffect } from '../../lib/side-effect.js';
import { ladder, level } from '../chain/plain-chain.js';
import { violations } from './checker.js';
import { History } from './history.js';
import type { HistoryPlan } from './history-plan.js';
import { SeededRandom } from './random.js';
import type { TaskNature } from './task-model.js';
import { machines } from './virtual-machines.js';

t.setTimeout(300_000);

const MEGABYTE = 2 ** 20;

/** Two levels; every third task needs the second one, and one fails for good. */
function plan(change: Partial<HistoryPlan> & { indices: number[]; maxArraySize?: number }): HistoryPlan {
  const nature = (index: number): TaskNature => ({
    memory: (index % 3 === 0 ? 200 : 50) * MEGABYTE,
    seconds: 5,
    exits: [index % 7 === 5 ? 1 : 0],
    stubborn: false,
  });
  return {
    cluster: machines({ maxArraySize: change.maxArraySize ?? 1001, minJobAge: 300 }),
    ladder: ladder({
      levels: [
        level({ partition: 'small', mem: 128 * MEGABYTE, time: 60 }),
        level({ partition: 'small', mem: 512 * MEGABYTE, time: 60 }),
      ],
    }),
    array: change.indices.join(','),
    throttle: null,
    natures: new Map(change.indices.map((index) => [index, nature(index)])),
    faults: [],
    killRate: 0,
    ...change,
  };
}

/** Chains that between them do everything that a chain can do to disk and cluster. */
const CHAINS: Record<string, () => HistoryPlan> = {
  'a single job': () => plan({ indices: [0], array: null }),
  'an array in one job': () => plan({ indices: [0, 1, 2, 3, 5] }),
  'mapped and direct jobs': () => plan({ indices: [0, 1, 2, 25, 27, 31], maxArraySize: 20 }),
  'a chain that is cancelled': () =>
    plan({ indices: [0, 1, 3], faults: [{ name: 'chain cancelled', at: 4, random: new SeededRandom(1) }] }),
};

interface Moment {
  /** Which process of the history, counted from 0, and which of its moments, from 1. */
  process: number;
  moment: number;
  when: 'before' | 'after';
  effect: SideEffect;
}

type Harm = { process: number; moment: number; kind: 'kill' | 'disk full' } | null;

/** Runs a chain with one harm at one moment. */
async function live(
  make: () => HistoryPlan,
  harm: Harm,
): Promise<{ moments: Moment[]; broken: string[]; state: string | null }> {
  const random = new SeededRandom(7);
  const history = new History(make(), random.fork());
  const { cluster } = history;
  const machineRandom = Math.random;
  Math.random = () => random.next();
  const moments: Moment[] = [];
  const order = new Map<string, number>();
  let begun = 0;
  cluster.fate = (name) => {
    order.set(name, begun);
    begun += 1;
    return harm?.kind === 'kill' && harm.process === begun - 1 ? harm.moment : null;
  };
  cluster.watch = (process, when, effect) => {
    const moment = { process: order.get(process.name) ?? 0, moment: process.moments, when, effect };
    moments.push(moment);
    if (harm?.kind !== 'disk full' || harm.process !== moment.process || harm.moment !== moment.moment)
      return;
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  try {
    const record = await history.run();
    return { moments, broken: violations(record), state: record.chain?.checkpoint.state ?? null };
  } finally {
    Math.random = machineRandom;
    history.dispose();
  }
}

/** What kind of side effect it is, whatever chain and round. */
function kindOf({ effect }: Moment): string {
  const { kind, what } = effect;
  if (kind === 'slurm') return what;
  const file = what
    .replace(/^.*\//, '')
    .replace(/^round-\d+(-job-\d+)?/, 'round')
    .replace(/^.*\.checkpoint$/, 'checkpoint');
  return kind === 'make-folder' ? kind : `${kind} ${file}`;
}

const KINDS = [
  'make-folder',
  'sbatch',
  'scancel',
  'scontrol release',
  'write checkpoint',
  'write environment',
  'write job.sh',
  'write on-failure.sh',
  'write on-success.sh',
  'write round.map',
  'write round.outcomes.jsonl',
];

t.test('killed at any moment, a chain ends as it would have', async (t) => {
  const kinds = new Set<string>();
  for (const [name, make] of Object.entries(CHAINS)) {
    const peaceful = await live(make, null);
    t.same(peaceful.broken, [], `${name}: nothing broken without a fault`);
    for (const moment of peaceful.moments) kinds.add(kindOf(moment));
    const bad: string[] = [];
    let harms = 0;
    for (const { process, moment, when, effect } of peaceful.moments) {
      const writes = when === 'before' && (effect.kind === 'write' || effect.kind === 'make-folder');
      for (const kind of writes ? (['kill', 'disk full'] as const) : (['kill'] as const)) {
        harms += 1;
        const { broken, state } = await live(make, { process, moment, kind });
        // A submission that dies before there is a checkpoint leaves no chain; so does one that cannot write it.
        const right = state === peaceful.state || state === null || peaceful.state === 'cancelled';
        if (broken.length > 0 || !right) {
          bad.push(`${kind} ${when} ${effect.what} of process ${process}: ${state}; ${broken.join('; ')}`);
        }
      }
    }
    t.same(bad, [], `${name}: ${harms} harms`);
  }
  t.same([...kinds].sort(), KINDS, 'every kind of side effect has its moments');
});
