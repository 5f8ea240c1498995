import { listAll } from '../../../client/all.js';
import { renderTable } from '../../table.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { FILE } from './kind.js';

export const listRequiredExistingFiles = command({
  name: 'list-required-existing',
  summary: 'List files that must exist before the workflow starts',
  positionals: WORKFLOW_ID,
  examples: [{ text: 'What workflow 1 needs', command: 'torc files list-required-existing 1' }],
  async run({ workflowId: given }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const answer = await client.workflows.requiredExistingFiles({ id: workflow_id });
    const ids = new Set(answer.files);
    const files = await listAll(client.files.list, { workflow_id });
    const needed = files.filter(({ id }) => id !== undefined && ids.has(id));
    session.show(answer, () =>
      needed.length === 0
        ? `No files must exist before workflow ${workflow_id} starts\n`
        : renderTable(FILE.columns, needed),
    );
  },
});
