import type { TorcNode } from '../command.js';
import { deleteCommand, getCommand } from '../record-command.js';
import { createResourceRequirements } from './create.js';
import { REQUIREMENTS } from './kind.js';
import { listResourceRequirements } from './list.js';
import { updateResourceRequirements } from './update.js';

export const RESOURCE_REQUIREMENTS_COMMANDS: readonly TorcNode[] = [
  createResourceRequirements,
  listResourceRequirements,
  getCommand(REQUIREMENTS, (client, id) => client.resourceRequirements.get({ id })),
  updateResourceRequirements,
  deleteCommand(REQUIREMENTS, (client, id) => client.resourceRequirements.remove({ id })),
];
