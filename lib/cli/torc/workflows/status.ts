import { renderRecord } from '../../table.js';
import { text } from '../../tree/option.js';
import { command } from '../command.js';
import { countFields, countJobs } from '../job-counts.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { statusWord } from './status-word.js';

export const workflowStatus = command({
  name: 'status',
  summary: 'Show how a workflow stands, and how many of its jobs are in each state',
  positionals: WORKFLOW_ID,
  options: { user: text('Whose workflows to choose from', { alias: 'u', value: 'NAME' }) },
  examples: [{ text: 'Workflow 1', command: 'torc workflows status 1' }],
  async run({ workflowId: given, user }, session) {
    const id = await workflowId(session, given, user);
    const client = await session.client();
    const record = await client.workflows.getStatus({ id });
    const status = { ...record, status: await statusWord(client, id) };
    const counts = session.isJson ? null : await countJobs(client, id);
    session.show(status, () =>
      renderRecord(`Workflow Status for ID ${id}:`, {
        Status: status.status,
        'Run ID': status.run_id,
        'Is Canceled': status.is_canceled,
        'Is Archived': status.is_archived ?? false,
        ...(counts === null ? {} : countFields(counts)),
      }),
    );
  },
});

export const isComplete = command({
  name: 'is-complete',
  summary: 'Tell whether no job of a workflow will run any more',
  positionals: WORKFLOW_ID,
  examples: [{ text: 'Workflow 1', command: 'torc workflows is-complete 1' }],
  async run({ workflowId: given }, session) {
    const id = await workflowId(session, given);
    const answer = await (await session.client()).workflows.isComplete({ id });
    session.show(answer, () =>
      renderRecord(`Workflow ${id} completion status:`, {
        'Is Complete': answer.is_complete,
        'Is Canceled': answer.is_canceled,
        'Needs Completion Script': answer.needs_to_run_completion_script,
      }),
    );
  },
});
