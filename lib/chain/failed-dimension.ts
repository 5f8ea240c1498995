import { selectExitRule } from '../slurm/exit-code.js';
import type { JobState } from '../slurm/job-state.js';
import type { Dimension } from './axes.js';
import type { TaskOutcome } from './checkpoint.js';
import type { StatePolicy } from './ladder.js';

const BY_STATE: Readonly<Partial<Record<JobState | 'UNKNOWN', Dimension>>> = {
  OUT_OF_MEMORY: 'mem',
  TIMEOUT: 'time',
  DEADLINE: 'time',
};

/** What a shell makes of a child that the kernel killed: where Slurm does not see it, this is how an OOM looks. */
const KILLED = 137;

/**
 * What a failed task had too little of.
 *
 * @returns null when its end says nothing of resources: a lost node, a preemption, any other exit code
 */
export function failedDimension(
  { state, exit }: Pick<TaskOutcome, 'state' | 'exit'>,
  { exitCodes }: StatePolicy,
): Dimension | null {
  if (state !== 'FAILED') return BY_STATE[state] ?? null;
  const rule = selectExitRule(new Map(exitCodes.map(([code]) => [code, code])), exit);
  return rule === KILLED ? 'mem' : null;
}
