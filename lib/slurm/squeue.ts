import { userInfo } from 'node:os';
import { readerEnv, runSlurm } from './command.js';
import { SlurmCommandError } from './command-error.js';
import { type JobId, parseJobId } from './job-id.js';
import { type ParsedJobState, parseJobState } from './job-state.js';
import { rowOrNone } from './row-or-none.js';

/** One entry of the queue. */
export interface QueueRow {
  id: JobId;
  state: ParsedJobState;
  /** Why a pending job waits, or where a running one runs. */
  reason: string;
  comment: string;
}

/** The comment comes last: it is free text and may hold the separator. */
const FORMAT = '%i|%T|%r|%k';

/** Everything that this user has in the queue: finished jobs are not listed. */
export async function squeueUser(env: NodeJS.ProcessEnv, user = userInfo().username): Promise<QueueRow[]> {
  return parseQueue(await runSlurm(['squeue', '-h', '-u', user, '-o', FORMAT], { env: readerEnv(env) }));
}

/**
 * The queue entries of the named jobs; a job that the controller no longer knows has none.
 * With a single unknown id squeue fails ("Invalid job id specified"); with several it passes over them.
 */
export async function squeueJobs(jobIds: readonly string[], env: NodeJS.ProcessEnv): Promise<QueueRow[]> {
  if (jobIds.length === 0) return [];
  const argv = ['squeue', '-h', '-j', jobIds.join(','), '-o', FORMAT] as const;
  try {
    return parseQueue(await runSlurm(argv, { env: readerEnv(env) }));
  } catch (error) {
    if (error instanceof SlurmCommandError && /Invalid job id/i.test(error.reason)) return [];
    throw error;
  }
}

/** Rows of `squeue -h -o '%i|%T|%r|%k'`; lines that are not rows (banners) are passed over. */
export function parseQueue(stdout: string): QueueRow[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^(\d[^|]*)\|([A-Z_]+)\|([^|]*)\|(.*)$/.exec(line);
    if (match === null) return [];
    const [, id = '', state = '', reason = '', comment = ''] = match;
    return rowOrNone(() => ({
      id: parseJobId(id),
      state: parseJobState(state),
      reason,
      comment: comment === '(null)' ? '' : comment,
    }));
  });
}
