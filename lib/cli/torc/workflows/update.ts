import { text, usage } from '../../tree/option.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { renderWorkflow, workflowJson } from './view.js';

export const updateWorkflow = command({
  name: 'update',
  summary: 'Change name, description or owner of a workflow',
  positionals: WORKFLOW_ID,
  options: {
    name: text('New name', { alias: 'n' }),
    description: text('New description', { alias: 'd' }),
    'owner-user': text('New owner', { value: 'NAME' }),
  },
  examples: [{ text: 'A better name', command: 'torc workflows update 1 --name calibration' }],
  async run({ workflowId: given, name, description, ownerUser }, session) {
    if (name === undefined && description === undefined && ownerUser === undefined) {
      throw usage('nothing to change: give --name, --description or --owner-user');
    }
    const { workflows } = await session.client();
    const id = await workflowId(session, given);
    const before = await workflows.get({ id });
    const changed = {
      name: name ?? before.name,
      description: description ?? before.description,
      user: ownerUser ?? before.user,
    };
    const workflow = await workflows.update({ id, body: { ...before, ...changed } });
    session.show(workflowJson(workflow), () => renderWorkflow('Successfully updated workflow:', workflow));
  },
});
