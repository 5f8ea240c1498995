import { flag } from '../../tree/option.js';
import { command } from '../command.js';
import { submitById } from '../submit.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

export const submitWorkflow = command({
  name: 'submit',
  summary: 'Hand a workflow to a scheduler, by its actions that ask for nodes at the start',
  positionals: WORKFLOW_ID,
  options: { force: flag('Go on although input files are missing') },
  examples: [{ text: 'Workflow 1', command: 'torc workflows submit 1' }],
  async run({ workflowId: given }, session) {
    await submitById(session, await workflowId(session, given));
  },
});
