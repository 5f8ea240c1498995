import type { WorkflowDatabase } from './database.js';
import type { Condition } from './table.js';

/** The group of administrators. */
const ADMIN_GROUP = 'admin';

/** Groups that somebody is a member of, as a query of their ids. */
const GROUPS_OF = 'SELECT group_id FROM user_group_membership WHERE user_name = ?';

/** Workflows that are a user's own, or of one of his groups: a condition on the table `workflow`. */
export function accessibleTo(user: string): Condition {
  const shared = `SELECT workflow_id FROM workflow_access_group WHERE group_id IN (${GROUPS_OF})`;
  return { sql: `(user = ? OR id IN (${shared}))`, values: [user, user] };
}

/** Whether the workflow is a user's own, or of one of his groups. False for one that is not there. */
export function hasAccess(db: WorkflowDatabase, user: string, workflow: number): boolean {
  const { sql, values } = accessibleTo(user);
  return db.prepare(`SELECT 1 FROM workflow WHERE id = ? AND ${sql}`).get(workflow, ...values) !== undefined;
}

export function isSystemAdmin(db: WorkflowDatabase, user: string): boolean {
  const sql = `SELECT 1 FROM access_group WHERE name = ? AND is_system = 1 AND id IN (${GROUPS_OF})`;
  return db.prepare(sql).get(ADMIN_GROUP, user) !== undefined;
}

/** Whether somebody manages the members of a group. */
export function isGroupAdmin(db: WorkflowDatabase, user: string, group: number): boolean {
  const sql = `SELECT 1 FROM user_group_membership WHERE user_name = ? AND group_id = ? AND role = 'admin'`;
  return db.prepare(sql).get(user, group) !== undefined;
}

/** Null for a workflow that is not there. */
export function ownerOf(db: WorkflowDatabase, workflow: number): string | null {
  const row = db.prepare('SELECT user FROM workflow WHERE id = ?').get(workflow);
  return row === undefined ? null : (row as { user: string }).user;
}

/** Makes these users the members of the group of administrators, and nobody else. */
export function setSystemAdmins(db: WorkflowDatabase, users: readonly string[]): void {
  db.write(() => {
    db.prepare(
      `INSERT INTO access_group (name, description, is_system) VALUES (?, 'Administrators of this server', 1)
       ON CONFLICT (name) DO UPDATE SET is_system = 1`,
    ).run(ADMIN_GROUP);
    const { id } = db.prepare('SELECT id FROM access_group WHERE name = ?').get(ADMIN_GROUP) as {
      id: number;
    };
    db.prepare(
      'DELETE FROM user_group_membership WHERE group_id = ? AND user_name NOT IN (SELECT value FROM json_each(?))',
    ).run(id, JSON.stringify(users));
    const insert = db.prepare(
      `INSERT INTO user_group_membership (user_name, group_id, role) VALUES (?, ?, 'admin')
       ON CONFLICT (user_name, group_id) DO UPDATE SET role = 'admin'`,
    );
    for (const user of users) insert.run(user, id);
  });
}
