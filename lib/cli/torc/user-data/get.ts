import { integer, required } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { USER_DATA_ENTRY } from './kind.js';

export const getUserData = command({
  name: 'get',
  summary: 'Show one of the user data; to a program as JSON',
  positionals: { id: required(integer('The user data')) },
  examples: [{ text: 'A job reads its settings', command: "torc user-data get 3 | jq '.data'" }],
  async run({ id }, session) {
    const { userData } = await session.client();
    const entry = await userData.get({ id });
    session.showToScripts(entry, () => renderOne(`User data ID ${id}:`, USER_DATA_ENTRY, entry));
  },
});
