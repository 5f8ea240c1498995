import { choice, fallback, integer, required, text } from '../../tree/option.js';
import { command } from '../command.js';

const MEMBER = {
  'group-id': required(integer('The access group')),
  'user-name': required(text('The user')),
};

export const addUser = command({
  name: 'add-user',
  summary: 'Add a user to an access group',
  positionals: MEMBER,
  options: {
    role: fallback(
      choice('What the user may do with the group', ['member', 'admin'], { alias: 'r' }),
      'member',
    ),
  },
  examples: [{ text: 'As administrator', command: 'torc access-groups add-user 2 alice -r admin' }],
  async run({ groupId: id, userName: user_name, role }, session) {
    const { accessGroups } = await session.client();
    const member = await accessGroups.addMember({ id, body: { group_id: id, user_name, role } });
    session.show(member, () => `Added ${user_name} to access group ${id} as ${role}\n`);
  },
});

export const removeUser = command({
  name: 'remove-user',
  summary: 'Remove a user from an access group',
  positionals: MEMBER,
  examples: [{ text: 'Alice leaves', command: 'torc access-groups remove-user 2 alice' }],
  async run({ groupId: id, userName: user_name }, session) {
    const member = await (await session.client()).accessGroups.removeMember({ id, user_name });
    session.show(member, () => `Removed ${user_name} from access group ${id}\n`);
  },
});
