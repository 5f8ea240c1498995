import { required, text } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { FILE } from './kind.js';

export const createFile = command({
  name: 'create',
  summary: 'Create a file',
  positionals: WORKFLOW_ID,
  options: {
    name: required(text('What jobs call it', { alias: 'n' })),
    path: required(text('Where it is, relative to where jobs run', { alias: 'p', completion: 'file' })),
  },
  examples: [{ text: 'An input of workflow 1', command: 'torc files create 1 -n input -p data/input.csv' }],
  async run({ workflowId: given, name, path }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const file = await client.files.create({ body: { workflow_id, name, path } });
    session.show(file, () => renderOne('Successfully created file:', FILE, file));
  },
});
