import type { Advice, LadderCost } from '../../chain/advise/advice.js';
import type { Simulation } from '../../chain/advise/simulate.js';
import { compress } from '../../slurm/array-cover.js';

/** A time without limit, as checkpoints and sbatch spell it: JSON has no Infinity. */
function seconds(time: number | null): number | string | null {
  return time === Number.POSITIVE_INFINITY ? 'UNLIMITED' : time;
}

/** A simulation as `-f json` prints it: sets of tasks are array specs. */
export function simulationJson({ ends, ...simulation }: Simulation): object {
  const specs = Object.entries(ends).map(([end, indices]) => [
    end,
    { count: indices.length, tasks: indices.length === 0 ? '' : compress(indices) },
  ]);
  return { ...simulation, ends: Object.fromEntries(specs) };
}

/** Advice as `-f json` prints it. Keys are added, never renamed or removed. */
export function adviceJson({ ladder: _, present, proposed, ...advice }: Advice): object {
  return { ...advice, present: costJson(present), proposed: costJson(proposed) };
}

/** Indices of several chains mean nothing side by side: here the ends are counts. */
function costJson({ levels, simulation, price }: LadderCost): object {
  const { ends, levels: runs, ...rest } = simulation;
  return {
    price,
    ...rest,
    levels: levels.map((level, position) => ({ ...level, time: seconds(level.time), ...runs[position] })),
    ends: Object.fromEntries(Object.entries(ends).map(([end, indices]) => [end, indices.length])),
  };
}
