import { listAll } from '../../../client/all.js';
import { renderTable } from '../../table.js';
import { flag, text, usage } from '../../tree/option.js';
import { command } from '../command.js';
import { LIST_OPTIONS, pagingOf } from '../paging-options.js';
import { WORKFLOW_COLUMNS, workflowJson } from './view.js';

export const listWorkflows = command({
  name: 'list',
  summary: 'List your workflows that are not archived',
  options: {
    user: text('Whose workflows; yours unless given', { alias: 'u', value: 'NAME' }),
    'all-users': flag('Those of everybody'),
    'archived-only': flag('Only archived ones'),
    'include-archived': flag('Archived ones as well'),
    ...LIST_OPTIONS,
  },
  examples: [
    { text: 'Yours', command: 'torc workflows list' },
    { text: "Everybody's, the newest first", command: 'torc workflows list --all-users --reverse-sort' },
  ],
  async run({ user, allUsers, archivedOnly, includeArchived, ...paging }, session) {
    if (archivedOnly && includeArchived)
      throw usage('--archived-only and --include-archived exclude each other');
    const { list } = (await session.client()).workflows;
    const workflows = await listAll(list, {
      user: allUsers ? undefined : (user ?? session.user),
      is_archived: includeArchived ? undefined : archivedOnly,
      ...pagingOf(paging),
    });
    session.show(workflows.map(workflowJson), () => {
      const whose = allUsers ? 'of anybody' : `for user: ${user ?? session.user}`;
      if (workflows.length === 0) return `No workflows found ${whose}\n`;
      return `Workflows ${whose}\n${renderTable(WORKFLOW_COLUMNS, workflows)}\nTotal: ${workflows.length}\n`;
    });
  },
});
