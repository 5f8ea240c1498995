import { sacct } from '../slurm/sacct.js';
import { squeueJobs } from '../slurm/squeue.js';
import { handlerIds, type Round } from './checkpoint.js';
import type { RoundTasks } from './round-tasks.js';

/**
 * A task that is cancelled out of the pending rest of its array leaves no record, neither with the controller nor in
 * accounting (Slurm 22.05, measured). That it was cancelled is proved by all of this together: accounting and the
 * controller know other tasks of its job, nothing of the job is in the queue, and accounting is up to date. It is when
 * it shows that a handler of the round has started, since a handler starts after the jobs have ended and the controller
 * reports in order.
 *
 * @param forgotten the controller need not remember the job: a person has looked, and resumed the chain
 * @param look asks accounting for the round's jobs once more
 * @throws SlurmCommandError when the queue or accounting cannot be read
 */
export async function addVanished(
  tasks: RoundTasks,
  { round, forgotten }: { round: Round; forgotten: boolean },
  env: NodeJS.ProcessEnv,
  look: () => Promise<boolean>,
): Promise<void> {
  if (tasks.withoutTrace({ forgotten }).length === 0) return;
  if ((await squeueJobs(tasks.jobIds, env)).length > 0) return;
  if (!(await handlerStarted(round, env)) || !(await look())) return;
  for (const task of tasks.withoutTrace({ forgotten })) tasks.addCancelled(task);
}

async function handlerStarted(round: Round, env: NodeJS.ProcessEnv): Promise<boolean> {
  const ids = handlerIds(round);
  let started = false;
  if (ids.length === 0) return false;
  await sacct(ids, env, ({ id, nodes, start }) => {
    started ||= id.kind === 'job' && id.step === null && nodes !== null && start !== null;
  });
  return started;
}
