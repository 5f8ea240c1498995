import { integer, required } from '../../tree/option.js';
import { command } from '../command.js';

export const deleteAllUserData = command({
  name: 'delete-all',
  summary: 'Delete all user data of a workflow',
  positionals: { 'workflow-id': required(integer('The workflow')) },
  examples: [{ text: 'Of workflow 1', command: 'torc user-data delete-all 1' }],
  async run({ workflowId }, session) {
    const answer = await (await session.client()).userData.removeAll({ workflow_id: workflowId });
    session.show(answer, () => `Deleted ${answer.deleted_count} user data of workflow ${workflowId}\n`);
  },
});
