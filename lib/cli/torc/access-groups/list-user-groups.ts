import { required, text } from '../../tree/option.js';
import { command } from '../command.js';
import { ACCESS_GROUP, GROUP_PAGING } from './kind.js';

export const listUserGroups = command({
  name: 'list-user-groups',
  summary: 'List the access groups that a user belongs to',
  positionals: { 'user-name': required(text('The user')) },
  options: GROUP_PAGING,
  examples: [{ text: 'Of alice', command: 'torc access-groups list-user-groups alice' }],
  async run({ userName, ...paging }, session) {
    const client = await session.client();
    const { items } = await client.accessGroups.listOfUser({ user_name: userName, ...paging });
    session.showList('groups', items, {
      title: `Access groups of ${userName}`,
      empty: `${userName} belongs to no access group`,
      columns: ACCESS_GROUP.columns,
    });
  },
});
