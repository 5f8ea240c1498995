import type { TorcNode } from '../command.js';
import { deleteCommand } from '../record-command.js';
import { createUserData } from './create.js';
import { deleteAllUserData } from './delete-all.js';
import { getUserData } from './get.js';
import { USER_DATA_ENTRY } from './kind.js';
import { listUserData } from './list.js';
import { listMissingUserData } from './list-missing.js';
import { updateUserData } from './update.js';

export const USER_DATA_COMMANDS: readonly TorcNode[] = [
  createUserData,
  listUserData,
  getUserData,
  updateUserData,
  deleteCommand(USER_DATA_ENTRY, (client, id) => client.userData.remove({ id })),
  deleteAllUserData,
  listMissingUserData,
];
