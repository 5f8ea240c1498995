import { command } from '../command.js';
import { runWorkflowById } from '../run.js';
import { RUN_OPTIONS } from '../run-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

export const runWorkflowCommand = command({
  name: 'run',
  summary: 'Run a workflow on this machine',
  positionals: WORKFLOW_ID,
  options: RUN_OPTIONS,
  examples: [{ text: 'Workflow 1', command: 'torc workflows run 1' }],
  async run({ workflowId: given, ...values }, session) {
    await session.useOwnServerIfAlone();
    return await runWorkflowById(session, await workflowId(session, given), values);
  },
});
