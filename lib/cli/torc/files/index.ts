import type { TorcNode } from '../command.js';
import { deleteCommand, getCommand } from '../record-command.js';
import { createFile } from './create.js';
import { FILE } from './kind.js';
import { listFiles } from './list.js';
import { listRequiredExistingFiles } from './list-required-existing.js';
import { updateFile } from './update.js';

export const FILE_COMMANDS: readonly TorcNode[] = [
  createFile,
  listFiles,
  getCommand(FILE, (client, id) => client.files.get({ id })),
  updateFile,
  deleteCommand(FILE, (client, id) => client.files.remove({ id })),
  listRequiredExistingFiles,
];
