import { integer, required, text, usage } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { FILE } from './kind.js';

export const updateFile = command({
  name: 'update',
  summary: 'Change the name or the path of a file',
  positionals: { id: required(integer('The file')) },
  options: {
    name: text('New name', { alias: 'n' }),
    path: text('New path', { alias: 'p', completion: 'file' }),
  },
  examples: [{ text: 'It has moved', command: 'torc files update 3 --path data/v2/input.csv' }],
  async run({ id, name, path }, session) {
    if (name === undefined && path === undefined) throw usage('nothing to change: give --name or --path');
    const { files } = await session.client();
    const before = await files.get({ id });
    // The time of a file that is elsewhere now is not known.
    const { st_mtime, ...rest } = before;
    const time = path === undefined ? st_mtime : undefined;
    const body = { ...rest, name: name ?? before.name, path: path ?? before.path, st_mtime: time };
    const file = await files.update({ id, body });
    session.show(file, () => renderOne('Successfully updated file:', FILE, file));
  },
});
