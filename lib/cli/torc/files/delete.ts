import { integer, required } from '../../tree/option.js';
import { command } from '../command.js';
import { renderFile } from './view.js';

export const deleteFile = command({
  name: 'delete',
  summary: 'Delete a file from its workflow; what is on disk stays',
  positionals: { id: required(integer('The file')) },
  examples: [{ text: 'File 3', command: 'torc files delete 3' }],
  async run({ id }, session) {
    const file = await (await session.client()).files.remove({ id });
    session.show(file, () => renderFile('Successfully deleted file:', file));
  },
});
