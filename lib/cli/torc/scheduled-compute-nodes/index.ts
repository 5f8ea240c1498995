import type { TorcNode } from '../command.js';
import { getCommand } from '../record-command.js';
import { SCHEDULED_NODE } from './kind.js';
import { listScheduledComputeNodes } from './list.js';
import { listJobsOfScheduledNode } from './list-jobs.js';

export const SCHEDULED_COMPUTE_NODE_COMMANDS: readonly TorcNode[] = [
  getCommand(SCHEDULED_NODE, (client, id) => client.scheduledComputeNodes.get({ id })),
  listScheduledComputeNodes,
  listJobsOfScheduledNode,
];
