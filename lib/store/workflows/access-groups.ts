import type {
  AccessGroupModel,
  UserGroupMembershipModel,
  WorkflowAccessGroupModel,
} from '../../wire/access-groups.js';
import type { WorkflowDatabase } from './database.js';
import { type Condition, Table } from './table.js';

export const ACCESS_GROUP = new Table<AccessGroupModel>('access_group', [
  'name',
  'description',
  'created_at',
]);

export const MEMBERSHIP = new Table<UserGroupMembershipModel>('user_group_membership', [
  'user_name',
  'group_id',
  'role',
  'created_at',
]);

/** Whether the server's configuration alone decides on a group. */
export function isSystemGroup(db: WorkflowDatabase, group: number): boolean {
  return db.prepare('SELECT 1 FROM access_group WHERE id = ? AND is_system = 1').get(group) !== undefined;
}

/** Groups that a user is a member of. */
export function groupsOfUser(user: string): Condition {
  return { sql: 'id IN (SELECT group_id FROM user_group_membership WHERE user_name = ?)', values: [user] };
}

/** Groups that may use a workflow. */
export function groupsOfWorkflow(workflow: number): Condition {
  return {
    sql: 'id IN (SELECT group_id FROM workflow_access_group WHERE workflow_id = ?)',
    values: [workflow],
  };
}

/** Null when the user is no member. */
export function membershipOf(
  db: WorkflowDatabase,
  group: number,
  user: string,
): UserGroupMembershipModel | null {
  const sql = 'SELECT id FROM user_group_membership WHERE group_id = ? AND user_name = ?';
  const row = db.prepare(sql).get(group, user) as { id: number } | undefined;
  return row === undefined ? null : MEMBERSHIP.get(db, row.id);
}

/** Null when the group may not use the workflow. */
export function linkOf(
  db: WorkflowDatabase,
  workflow: number,
  group: number,
): WorkflowAccessGroupModel | null {
  const sql = `SELECT workflow_id, group_id, created_at FROM workflow_access_group
     WHERE workflow_id = ? AND group_id = ?`;
  return (db.prepare(sql).get(workflow, group) as WorkflowAccessGroupModel | undefined) ?? null;
}

export function addLink(db: WorkflowDatabase, workflow: number, group: number): void {
  db.prepare('INSERT INTO workflow_access_group (workflow_id, group_id) VALUES (?, ?)').run(workflow, group);
}

export function removeLink(db: WorkflowDatabase, workflow: number, group: number): void {
  db.prepare('DELETE FROM workflow_access_group WHERE workflow_id = ? AND group_id = ?').run(workflow, group);
}
