import { taskEnds } from '../state/queries.js';
import type { CommandContext } from './command.js';

/** Waits until every task of the job has ended: the highest exit code of its tasks, as sbatch(1) says of --wait. */
export async function waitForJob(job: number, { state, changed }: CommandContext): Promise<number> {
  for (;;) {
    const { open, highestExit } = taskEnds(state, job);
    if (open === 0) return highestExit;
    await changed();
  }
}
