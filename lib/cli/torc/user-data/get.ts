import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { USER_DATA_ENTRY } from './kind.js';
import { ENTRY, ENTRY_OPTIONS, findEntry } from './which-entry.js';

export const getUserData = command({
  name: 'get',
  summary: 'Show one of the user data; to a program as JSON',
  positionals: ENTRY,
  options: ENTRY_OPTIONS,
  examples: [
    { text: 'Number 3', command: 'torc user-data get 3' },
    { text: 'A job reads its settings', command: "torc user-data get settings | jq '.data'" },
  ],
  async run({ idOrName, workflowId }, session) {
    const entry = await findEntry(await session.client(), idOrName, workflowId);
    session.showToScripts(entry, () => renderOne(`User data ID ${entry.id}:`, USER_DATA_ENTRY, entry));
  },
});
