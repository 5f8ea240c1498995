import type { TorcNode } from '../command.js';
import { getCommand } from '../record-command.js';
import { FAILURE_HANDLER } from './kind.js';
import { listFailureHandlers } from './list.js';

export const FAILURE_HANDLER_COMMANDS: readonly TorcNode[] = [
  listFailureHandlers,
  getCommand(FAILURE_HANDLER, (client, id) => client.failureHandlers.get({ id })),
];
