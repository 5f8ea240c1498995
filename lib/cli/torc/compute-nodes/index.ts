import type { TorcNode } from '../command.js';
import { getCommand } from '../record-command.js';
import { COMPUTE_NODE } from './kind.js';
import { listComputeNodes } from './list.js';

export const COMPUTE_NODE_COMMANDS: readonly TorcNode[] = [
  getCommand(COMPUTE_NODE, (client, id) => client.computeNodes.get({ id })),
  listComputeNodes,
];
