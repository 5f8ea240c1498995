import type { TorcNode } from '../command.js';
import { deleteCommand, getCommand } from '../record-command.js';
import { createAccessGroup } from './create.js';
import { ACCESS_GROUP } from './kind.js';
import { listAccessGroups } from './list.js';
import { listMembers } from './list-members.js';
import { listUserGroups } from './list-user-groups.js';
import { listWorkflowGroups } from './list-workflow-groups.js';
import { addUser, removeUser } from './members.js';
import { addWorkflow, removeWorkflow } from './workflows.js';

export const ACCESS_GROUP_COMMANDS: readonly TorcNode[] = [
  createAccessGroup,
  getCommand(ACCESS_GROUP, (client, id) => client.accessGroups.get({ id })),
  listAccessGroups,
  deleteCommand(ACCESS_GROUP, (client, id) => client.accessGroups.remove({ id })),
  addUser,
  removeUser,
  listMembers,
  listUserGroups,
  addWorkflow,
  removeWorkflow,
  listWorkflowGroups,
];
