import type { TorcNode } from '../command.js';
import { deleteCommand, getCommand } from '../record-command.js';
import { RESULT } from './kind.js';
import { listResults } from './list.js';

export const RESULT_COMMANDS: readonly TorcNode[] = [
  listResults,
  getCommand(RESULT, (client, id) => client.results.get({ id })),
  deleteCommand(RESULT, (client, id) => client.results.remove({ id })),
];
