import type { History } from './history.js';
import type { SeededRandom } from './random.js';

/** One kind of fault: how often it is drawn, and how it comes and goes. */
export interface Fault {
  weight: number;
  inject(history: History, random: SeededRandom): Promise<void> | void;
}

export interface PlannedFault {
  name: FaultName;
  /** Seconds after the submission begins. */
  at: number;
  /** Seeds what the fault draws. */
  random: SeededRandom;
}

/** For a while, then mended. */
function spell(
  weight: number,
  [shortest, longest]: readonly [number, number],
  begin: (history: History, random: SeededRandom) => (() => void) | null,
  describe: string,
): Fault {
  return {
    weight,
    inject(history, random) {
      const end = begin(history, random);
      if (end === null) return;
      const seconds = random.between(shortest, longest);
      history.cluster.fault(`${describe} for ${seconds.toFixed(0)} s`);
      history.cluster.timeline.after(seconds, () => {
        history.cluster.log(`mended: ${describe}`);
        end();
      });
    },
  };
}

/** A switch of the embedded scheduler, on for a while. */
function switched(weight: number, name: string, value: number, range: readonly [number, number]): Fault {
  const begin = ({ cluster }: History) => {
    cluster.turn(name, value);
    return () => cluster.turn(name, 0);
  };
  return spell(weight, range, begin, `${name}=${value}`);
}

/** A switch that counts itself down. */
function counted(weight: number, name: string, most: number): Fault {
  return {
    weight,
    inject({ cluster }, random) {
      const value = random.integer(1, most);
      cluster.fault(`${name}=${value}`);
      cluster.turn(name, value);
    },
  };
}

export const FAULT_TABLE = {
  'controller down': switched(3, 'controller_down', 1, [10, 600]),
  'controller down for long': switched(1, 'controller_down', 1, [1800, 5400]),
  'accounting down': switched(3, 'accounting_down', 1, [10, 3000]),
  'accounting lags': switched(3, 'accounting_lag', 5, [60, 3000]),
  'accounting stale': switched(2, 'accounting_lag', 100_000, [60, 3000]),
  'replies lost': counted(4, 'lost_replies', 3),
  'submissions refused for the moment': counted(2, 'refused_submissions', 4),
  'records purged early': switched(2, 'purge_after', 1, [600, 6000]),
  'commands slow': spell(
    2,
    [30, 1200],
    ({ cluster }, random) => {
      cluster.troubles.slow = random.between(1, 25);
      return () => {
        cluster.troubles.slow = 0;
      };
    },
    'commands are slow',
  ),
  'submissions refused for good': spell(
    2,
    [60, 2000],
    ({ cluster }) => {
      cluster.troubles.refusal =
        "Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)";
      return () => {
        cluster.troubles.refusal = null;
      };
    },
    'submissions are refused',
  ),
  'disk full': spell(
    2,
    [5, 900],
    ({ cluster }) => {
      cluster.troubles.diskFull = true;
      return () => {
        cluster.troubles.diskFull = false;
      };
    },
    'the disk is full',
  ),
  'clock jumps': spell(
    2,
    [60, 4000],
    ({ cluster }, random) => {
      cluster.troubles.skew = random.pick([-3600, -600, -40, 40, 600, 3600]);
      return () => {
        cluster.troubles.skew = 0;
      };
    },
    'clocks are off',
  ),
  'node breaks tasks': spell(
    2,
    [300, 4000],
    ({ cluster }, random) => {
      const node = random.pick(['s1', 's2', 's3', 's4', 'b1']);
      cluster.troubles.broken.add(node);
      return () => void cluster.troubles.broken.delete(node);
    },
    'a node ends every task at once',
  ),
  'node lost': {
    weight: 3,
    async inject({ cluster }, random) {
      const node = random.pick(cluster.state.cluster.nodes.map(({ name }) => name));
      cluster.fault(`node ${node} is lost`);
      const update = (state: string) => [
        'scontrol',
        'update',
        `NodeName=${node}`,
        `State=${state}`,
        'Reason=fault',
      ];
      await cluster.byHand(update('DOWN'));
      cluster.timeline.after(random.between(30, 600), async () => {
        await cluster.byHand(update('RESUME'));
      });
    },
  },
  'job ids start again': {
    weight: 2,
    inject({ cluster }) {
      cluster.fault('job ids start again');
      cluster.turn('next_job_id', 1);
    },
  },
  'jobs of other chains': {
    weight: 3,
    async inject({ cluster, folder }, random) {
      const count = random.integer(1, 6);
      cluster.log(`${count} foreign jobs`);
      for (let job = 0; job < count; job += 1) {
        await cluster.byHand([
          'sbatch',
          `--chdir=${folder}`,
          '--wrap=true',
          `--array=0-${random.integer(0, 5)}`,
        ]);
      }
    },
  },
  'task cancelled by hand': {
    weight: 2,
    async inject(history, random) {
      await history.cancelTask(random);
    },
  },
  'handler cancelled by hand': {
    weight: 2,
    async inject(history, random) {
      await history.cancelHandler(random);
    },
  },
  'handler out of memory': {
    weight: 2,
    async inject({ cluster }) {
      const [handler] = cluster.runningHandlers();
      if (handler === undefined) return;
      cluster.fault(`${handler.name} runs out of memory`);
      await cluster.killHandler(handler, true);
    },
  },
  'resumed without need': {
    weight: 3,
    async inject(history, random) {
      for (let person = random.integer(1, 2); person > 0; person -= 1) await history.resume();
    },
  },
  'chain cancelled': {
    weight: 1,
    async inject(history) {
      await history.cancel();
    },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULT_TABLE;

/** Which faults come when: most histories have a few, spread over the time in which rounds begin and end. */
export function drawFaults(random: SeededRandom): PlannedFault[] {
  const choices = (Object.keys(FAULT_TABLE) as FaultName[]).map(
    (name) => [FAULT_TABLE[name].weight, name] as const,
  );
  const count = random.weighted([
    [1, 0] as const,
    [3, random.integer(1, 3)] as const,
    [3, random.integer(3, 8)] as const,
  ]);
  return Array.from({ length: count }, () => ({
    name: random.weighted(choices),
    at: random.chance(0.2) ? random.between(0, 3) : random.between(0, 900),
    random: random.fork(),
  }));
}
