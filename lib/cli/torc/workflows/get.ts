import { text } from '../../tree/option.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { renderWorkflow, workflowJson } from './view.js';

export const getWorkflow = command({
  name: 'get',
  summary: 'Show a workflow',
  positionals: WORKFLOW_ID,
  options: { user: text('Whose workflows to choose from', { alias: 'u', value: 'NAME' }) },
  examples: [{ text: 'Workflow 1', command: 'torc workflows get 1' }],
  async run({ workflowId: given, user }, session) {
    const id = await workflowId(session, given, user);
    const workflow = await (await session.client()).workflows.get({ id });
    session.show(workflowJson(workflow), () => renderWorkflow(`Workflow ID ${id}:`, workflow));
  },
});
