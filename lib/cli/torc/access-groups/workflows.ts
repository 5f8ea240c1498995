import { integer, required } from '../../tree/option.js';
import { command } from '../command.js';

const LINK = {
  'workflow-id': required(integer('The workflow')),
  'group-id': required(integer('The access group')),
};

export const addWorkflow = command({
  name: 'add-workflow',
  summary: 'Let an access group use a workflow',
  positionals: LINK,
  examples: [{ text: 'Group 2 may use workflow 1', command: 'torc access-groups add-workflow 1 2' }],
  async run({ workflowId: id, groupId: group_id }, session) {
    const link = await (await session.client()).accessGroups.link({ id, group_id });
    session.show(link, () => `Access group ${group_id} may use workflow ${id}\n`);
  },
});

export const removeWorkflow = command({
  name: 'remove-workflow',
  summary: 'No longer let an access group use a workflow',
  positionals: LINK,
  examples: [{ text: 'No longer', command: 'torc access-groups remove-workflow 1 2' }],
  async run({ workflowId: id, groupId: group_id }, session) {
    const link = await (await session.client()).accessGroups.unlink({ id, group_id });
    session.show(link, () => `Access group ${group_id} may no longer use workflow ${id}\n`);
  },
});
