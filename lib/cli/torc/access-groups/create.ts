import { required, text } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { ACCESS_GROUP } from './kind.js';

export const createAccessGroup = command({
  name: 'create',
  summary: 'Create an access group',
  positionals: { name: required(text('What it is called')) },
  options: { description: text('What it is for', { alias: 'd' }) },
  examples: [{ text: 'A team', command: "torc access-groups create climate -d 'The climate team'" }],
  async run({ name, description }, session) {
    const group = await (await session.client()).accessGroups.create({ body: { name, description } });
    session.show(group, () => renderOne('Successfully created access group:', ACCESS_GROUP, group));
  },
});
