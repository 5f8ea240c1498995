import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

export const cancelWorkflow = command({
  name: 'cancel',
  summary: 'Cancel a workflow: what runs is ended, nothing more is started',
  positionals: WORKFLOW_ID,
  examples: [{ text: 'Workflow 1', command: 'torc workflows cancel 1' }],
  async run({ workflowId: given }, session) {
    const client = await session.client();
    const id = await workflowId(session, given);
    await client.workflows.cancel({ id });
    const result = { status: 'success', workflow_id: id, canceled_slurm_jobs: [], errors: null };
    session.show(result, () => `Successfully canceled workflow ${id}\n`);
  },
});
