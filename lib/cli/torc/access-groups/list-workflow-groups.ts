import { integer, required } from '../../tree/option.js';
import { command } from '../command.js';
import { ACCESS_GROUP } from './kind.js';

export const listWorkflowGroups = command({
  name: 'list-workflow-groups',
  summary: 'List the access groups that may use a workflow',
  positionals: { 'workflow-id': required(integer('The workflow')) },
  examples: [{ text: 'Of workflow 1', command: 'torc access-groups list-workflow-groups 1' }],
  async run({ workflowId: id }, session) {
    const { items } = await (await session.client()).accessGroups.listOfWorkflow({ id });
    session.showList('groups', items, {
      title: `Access groups of workflow ${id}`,
      empty: `Workflow ${id} is open to no access group`,
      columns: ACCESS_GROUP.columns,
    });
  },
});
