import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

export const deleteAllJobs = command({
  name: 'delete-all',
  summary: 'Delete all jobs of a workflow',
  positionals: WORKFLOW_ID,
  examples: [{ text: 'Of workflow 1', command: 'torc jobs delete-all 1' }],
  async run({ workflowId: given }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const answer = await client.jobs.removeAll({ workflow_id });
    session.show(answer, () => `Deleted ${answer.count} jobs of workflow ${workflow_id}\n`);
  },
});
