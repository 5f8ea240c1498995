import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { AfterokError, hasErrno } from '../../../errors.js';
import { configPlaces, type FileLayer } from '../../config-files/places.js';
import { flag } from '../../tree/option.js';
import { command } from '../command.js';
import { printResult } from './print.js';

export const initConfig = command({
  name: 'init',
  summary: 'Create a configuration file in which every default is explained',
  options: {
    system: flag('For everybody on this machine: /etc/torc/config.toml'),
    user: flag('For yourself; so it is when nothing is said'),
    local: flag('For this folder: ./torc.toml'),
    force: flag('Replace a file that exists', { alias: 'f' }),
  },
  examples: [{ text: 'A file of your own', command: 'torc config init --user' }],
  async run({ system, local, force }, session) {
    const layer: FileLayer = system ? 'system' : local ? 'local' : 'user';
    const path = configPlaces(process.env, process.cwd())[layer];
    if (existsSync(path) && !force)
      throw new AfterokError('bad-config', `${path} exists`, '--force replaces it');
    const { configTemplate } = await import('../../config-files/template.js');
    await create(path, configTemplate());
    printResult(session, { layer, path }, () => `Created configuration file: ${path}\n`);
  },
});

async function create(path: string, text: string): Promise<void> {
  const [{ makeFolder }, { writeFileAtomic }] = await Promise.all([
    import('../../../make-folder.js'),
    import('../../../atomic-file.js'),
  ]);
  try {
    makeFolder(dirname(path));
    writeFileAtomic(path, text);
  } catch (error) {
    const hint = hasErrno(error, 'EACCES', 'EPERM', 'EROFS')
      ? 'without rights there: --user or --local'
      : null;
    const reason = (error as Error).message;
    throw new AfterokError('bad-config', `cannot create ${path}: ${reason}`, hint, { cause: error });
  }
}
