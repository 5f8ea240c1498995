import type { TaskNeed } from './task-need.js';
import type { Rung } from './trial.js';

/**
 * Needs as a ladder is planned for them: what was measured, and a share more, since the next run takes a little more or
 * less. Not beyond the highest rung of the present ladder where that has sufficed; and what stands for a measurement
 * was a whole rung already.
 *
 * @param headroom share that is added, 0.1 for a tenth
 */
export function withHeadroom(
  needs: readonly TaskNeed[],
  present: readonly Rung[],
  headroom: number,
): TaskNeed[] {
  const highest = present.at(-1) ?? { mem: 0, time: 0 };
  const grown = ({ atLeast, known }: TaskNeed['memory'], proved: number) => {
    if (!known) return { atLeast, known };
    const wished = atLeast * (1 + headroom);
    return { atLeast: atLeast <= proved ? Math.min(wished, proved) : wished, known };
  };
  return needs.map((need) => ({
    ...need,
    memory: need.measured ? grown(need.memory, highest.mem) : need.memory,
    time: grown(need.time, highest.time),
  }));
}
