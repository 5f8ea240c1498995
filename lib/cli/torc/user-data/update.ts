import { integer, required, text, truth, usage } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { parseData, USER_DATA_ENTRY } from './kind.js';

export const updateUserData = command({
  name: 'update',
  summary: 'Change user data',
  positionals: { id: required(integer('The user data')) },
  options: {
    name: text('New name', { alias: 'n' }),
    data: text('New content', { alias: 'd', value: 'JSON' }),
    ephemeral: truth('Whether they are cleared by initialisation'),
  },
  examples: [{ text: 'A job tells its result', command: `torc user-data update 3 --data '{"loss": 0.1}'` }],
  async run({ id, name, data, ephemeral }, session) {
    if (name === undefined && data === undefined && ephemeral === undefined)
      throw usage('nothing to change: give --name, --data or --ephemeral');
    const content = data === undefined ? undefined : parseData(data);
    const { userData } = await session.client();
    const before = await userData.get({ id });
    const entry = await userData.update({
      id,
      body: {
        workflow_id: before.workflow_id,
        name: name ?? before.name,
        data: content,
        is_ephemeral: ephemeral,
      },
    });
    session.show(entry, () => renderOne('Successfully updated user data:', USER_DATA_ENTRY, entry));
  },
});
