import { integer, required } from '../../tree/option.js';
import { command } from '../command.js';
import { renderFile } from './view.js';

export const getFile = command({
  name: 'get',
  summary: 'Show a file',
  positionals: { id: required(integer('The file')) },
  examples: [{ text: 'File 3', command: 'torc files get 3' }],
  async run({ id }, session) {
    const file = await (await session.client()).files.get({ id });
    session.show(file, () => renderFile(`File ID ${id}:`, file));
  },
});
