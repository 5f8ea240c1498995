import { readerEnv, runSlurm } from './command.js';

/** Cancels jobs; ids that are gone or finished are passed over silently, as scancel does. */
export async function scancel(jobIds: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  if (jobIds.length === 0) return;
  await runSlurm(['scancel', '--quiet', ...jobIds], { env: readerEnv(env) });
}

/** Cancels everything that a user has in the queue. */
export async function scancelUser(user: string, env: NodeJS.ProcessEnv): Promise<void> {
  await runSlurm(['scancel', '--quiet', '-u', user], { env: readerEnv(env) });
}
