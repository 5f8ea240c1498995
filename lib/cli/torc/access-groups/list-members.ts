import { integer, required } from '../../tree/option.js';
import { command } from '../command.js';
import { GROUP_PAGING, MEMBER_COLUMNS } from './kind.js';

export const listMembers = command({
  name: 'list-members',
  summary: 'List the members of an access group',
  positionals: { 'group-id': required(integer('The access group')) },
  options: GROUP_PAGING,
  examples: [{ text: 'Of group 2', command: 'torc access-groups list-members 2' }],
  async run({ groupId: id, ...paging }, session) {
    const { items } = await (await session.client()).accessGroups.listMembers({ id, ...paging });
    session.showList('members', items, {
      title: `Members of access group ${id}`,
      empty: `Access group ${id} has no members`,
      columns: MEMBER_COLUMNS,
    });
  },
});
