import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../../../atomic-file.js';
import { AfterokError, hasErrno } from '../../../errors.js';
import { makeFolder } from '../../../make-folder.js';
import { configPlaces, type FileLayer } from '../../config-files/places.js';
import { configTemplate } from '../../config-files/template.js';
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
    create(path);
    printResult(session, { layer, path }, () => `Created configuration file: ${path}\n`);
  },
});

function create(path: string): void {
  try {
    makeFolder(dirname(path));
    writeFileAtomic(path, configTemplate());
  } catch (error) {
    const hint = hasErrno(error, 'EACCES', 'EPERM', 'EROFS')
      ? 'without rights there: --user or --local'
      : null;
    const reason = (error as Error).message;
    throw new AfterokError('bad-config', `cannot create ${path}: ${reason}`, hint, { cause: error });
  }
}
