import { text, truth, usage } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { parseData, USER_DATA_ENTRY } from './kind.js';
import { ENTRY, ENTRY_OPTIONS, findEntry } from './which-entry.js';

export const updateUserData = command({
  name: 'update',
  summary: 'Change user data',
  positionals: ENTRY,
  options: {
    name: text('New name', { alias: 'n' }),
    data: text('New content', { alias: 'd', value: 'JSON' }),
    ephemeral: truth('Whether they are cleared by initialisation'),
    ...ENTRY_OPTIONS,
  },
  examples: [
    { text: 'Other settings', command: `torc user-data update 3 --data '{"threshold": 0.7}'` },
    { text: 'A job tells its result', command: `torc user-data update result --data '{"loss": 0.1}'` },
  ],
  async run({ idOrName, workflowId, name, data, ephemeral }, session) {
    if (name === undefined && data === undefined && ephemeral === undefined)
      throw usage('nothing to change: give --name, --data or --ephemeral');
    const content = data === undefined ? undefined : parseData(data);
    const client = await session.client();
    const { id, workflow_id, name: oldName } = await findEntry(client, idOrName, workflowId);
    const body = { workflow_id, name: name ?? oldName, data: content, is_ephemeral: ephemeral };
    const entry = await client.userData.update({ id, body });
    session.show(entry, () => renderOne('Successfully updated user data:', USER_DATA_ENTRY, entry));
  },
});
