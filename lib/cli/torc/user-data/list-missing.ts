import { listAll } from '../../../client/all.js';
import { renderTable } from '../../table.js';
import { integer, required } from '../../tree/option.js';
import { command } from '../command.js';
import { USER_DATA_ENTRY } from './kind.js';

export const listMissingUserData = command({
  name: 'list-missing',
  summary: 'List user data that must have content before the workflow starts, and have none',
  positionals: { 'workflow-id': required(integer('The workflow')) },
  examples: [{ text: 'What workflow 1 lacks', command: 'torc user-data list-missing 1' }],
  async run({ workflowId }, session) {
    const client = await session.client();
    const answer = await client.workflows.missingUserData({ id: workflowId });
    const missing = new Set(answer.user_data);
    const entries = await listAll(client.userData.list, { workflow_id: workflowId });
    const rows = entries.filter(({ id }) => id !== undefined && missing.has(id));
    session.show(answer, () =>
      rows.length === 0
        ? `No user data are missing in workflow ${workflowId}\n`
        : renderTable(USER_DATA_ENTRY.columns, rows),
    );
  },
});
