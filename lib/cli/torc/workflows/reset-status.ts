import type { Client } from '../../../client/client.js';
import { AfterokError } from '../../../errors.js';
import { flag } from '../../tree/option.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

/** How far it came: a step that was not reached is null. */
interface Outcome {
  workflow_reset: boolean;
  job_reset: boolean;
  reinitialize: boolean | null;
}

export const resetStatus = command({
  name: 'reset-status',
  summary: 'Make jobs uninitialized: all, or those that failed and what is downstream of them',
  positionals: WORKFLOW_ID,
  options: {
    'failed-only': flag('Only jobs that failed, were canceled or terminated, and what is downstream'),
    reinitialize: flag('Reinitialize the workflow then', { alias: 'r', otherName: 'restart' }),
    force: flag('Even if jobs seem to run'),
    'no-prompts': flag('Do not ask first'),
  },
  examples: [
    {
      text: 'Run what failed again',
      command: 'torc workflows reset-status 1 --failed-only --reinitialize --no-prompts',
    },
  ],
  async run({ workflowId: given, failedOnly, reinitialize: again, force, noPrompts }, session) {
    const client = await session.client();
    const id = await workflowId(session, given);
    const what = failedOnly ? 'failed jobs' : 'all jobs';
    if (!noPrompts && !(await session.confirm(`Reset ${what} of workflow ${id}?`, '--no-prompts'))) {
      session.note('nothing was changed');
      return 0;
    }
    const operations: Outcome = {
      workflow_reset: false,
      job_reset: false,
      reinitialize: again ? false : null,
    };
    const messages: string[] = [];
    const error = await reset(client, id, { failedOnly, force }, operations, messages);
    const result = {
      ...{
        status: error === null ? 'success' : 'error',
        workflow_id: id,
        operations,
        failed_only: failedOnly,
      },
      ...(error === null ? { messages } : { messages, errors: [error.message] }),
    };
    session.show(result, () => messages.map((message) => `${message}\n`).join(''));
    if (error === null) return 0;
    session.fail(`${error.message}${error.hint === null ? '' : ` (${error.hint})`}`);
    return 1;
  },
});

/** Steps until one is refused. @returns why it was, null for success */
async function reset(
  client: Client,
  id: number,
  { failedOnly, force }: { failedOnly: boolean; force: boolean },
  outcome: Outcome,
  messages: string[],
): Promise<AfterokError | null> {
  try {
    await client.workflows.resetStatus({ id, force });
    outcome.workflow_reset = true;
    messages.push(`Successfully reset the status of workflow ${id}`);
    const { updated_count: count } = await client.workflows.resetJobStatus({ id, failed_only: failedOnly });
    outcome.job_reset = true;
    messages.push(`Successfully reset ${count} ${count === 1 ? 'job' : 'jobs'} of workflow ${id}`);
    if (outcome.reinitialize === null) return null;
    const { reinitialize } = await import('../../../client/reinitialize.js');
    await reinitialize(client, id, { force });
    outcome.reinitialize = true;
    messages.push(`Successfully reinitialized workflow ${id}`);
    return null;
  } catch (error) {
    if (error instanceof AfterokError) return error;
    throw error;
  }
}
