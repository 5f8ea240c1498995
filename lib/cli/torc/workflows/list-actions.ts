import type { WorkflowActionModel } from '../../../wire/actions.js';
import { renderTable, type TableColumn } from '../../table.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

const COLUMNS: readonly TableColumn<WorkflowActionModel>[] = [
  ['ID', (action) => action.id],
  ['Trigger', (action) => action.trigger_type],
  ['Action', (action) => action.action_type],
  ['Progress', (action) => `${action.trigger_count ?? 0}/${action.required_triggers ?? 1}`],
  ['Executed', (action) => action.executed ?? false],
  ['Executed at', (action) => action.executed_at],
  ['Persistent', (action) => action.persistent ?? false],
  ['Jobs', (action) => action.job_ids?.length],
];

export const listActions = command({
  name: 'list-actions',
  summary: 'List what a workflow does by itself, and when',
  positionals: WORKFLOW_ID,
  examples: [{ text: 'Workflow 1', command: 'torc workflows list-actions 1' }],
  async run({ workflowId: given }, session) {
    const id = await workflowId(session, given);
    const actions = await (await session.client()).actions.list({ id });
    session.show({ actions }, () =>
      actions.length === 0
        ? `No actions found for workflow ${id}\n`
        : `Actions for workflow ${id}:\n${renderTable(COLUMNS, actions)}\nTotal: ${actions.length}\n`,
    );
  },
});
