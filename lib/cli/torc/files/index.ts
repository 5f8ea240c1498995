import type { TorcNode } from '../command.js';
import { createFile } from './create.js';
import { deleteFile } from './delete.js';
import { getFile } from './get.js';
import { listFiles } from './list.js';
import { listRequiredExistingFiles } from './list-required-existing.js';
import { updateFile } from './update.js';

export const FILE_COMMANDS: readonly TorcNode[] = [
  createFile,
  listFiles,
  getFile,
  updateFile,
  deleteFile,
  listRequiredExistingFiles,
];
