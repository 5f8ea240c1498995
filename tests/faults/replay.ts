import { violations } from './checker.js';
import { History } from './history.js';
import { drawPlan } from './history-plan.js';
import { SeededRandom } from './random.js';

/** What became of one history. */
export interface Verdict {
  seed: number;
  violations: string[];
  faults: string[];
  log: string[];
  /** How the chain ended; null when the submission left none. */
  state: string | null;
  /** Names of the faults that were drawn. */
  planned: string[];
  tasks: number;
  runs: number;
  /** Processes that died at one of their moments. */
  killed: number;
  rounds: number;
  /** Virtual seconds. */
  elapsed: number;
}

/** Runs the history of a seed and checks it. One at a time in a process: Math.random is replaced meanwhile. */
export async function replay(seed: number): Promise<Verdict> {
  const random = new SeededRandom(seed);
  const machineRandom = Math.random;
  const chance = random.fork();
  Math.random = () => chance.next();
  const history = new History(drawPlan(random.fork()), random.fork());
  try {
    const record = await history.run();
    return {
      seed,
      violations: violations(record),
      faults: record.truth.faults,
      log: record.truth.log,
      state: record.chain?.checkpoint.state ?? null,
      planned: record.plan.faults.map(({ name }) => name),
      tasks: record.plan.indices.length,
      killed: record.truth.killed,
      runs: record.truth.runs.length,
      rounds: record.chain?.checkpoint.rounds.length ?? 0,
      elapsed: record.elapsed,
    };
  } finally {
    Math.random = machineRandom;
    history.dispose();
  }
}

/** What to do with a history that broke a promise. */
export function describe({ seed, violations: broken, faults }: Verdict): string {
  return [
    `seed ${seed}: ${broken.length} promises broken`,
    ...broken.map((line) => `  ${line}`),
    ...faults.map((line) => `  fault at ${line}`),
    `  replay: npm run faults -- --seed ${seed} --verbose`,
  ].join('\n');
}
