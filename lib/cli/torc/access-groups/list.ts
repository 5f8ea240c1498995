import { command } from '../command.js';
import { ACCESS_GROUP, GROUP_PAGING } from './kind.js';

export const listAccessGroups = command({
  name: 'list',
  summary: 'List the access groups',
  options: GROUP_PAGING,
  examples: [{ text: 'All', command: 'torc access-groups list' }],
  async run(paging, session) {
    const { items } = await (await session.client()).accessGroups.list(paging);
    session.showList('groups', items, {
      ...{ title: 'Access groups', empty: 'No access groups found', columns: ACCESS_GROUP.columns },
    });
  },
});
