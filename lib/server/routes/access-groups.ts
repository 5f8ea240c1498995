import { hasAccess } from '../../store/workflows/access.js';
import {
  ACCESS_GROUP,
  addLink,
  groupsOfUser,
  groupsOfWorkflow,
  linkOf,
  MEMBERSHIP,
  membershipOf,
  removeLink,
} from '../../store/workflows/access-groups.js';
import { equals, type ListRequest, type Table } from '../../store/workflows/table.js';
import type { ACCESS_GROUPS } from '../../wire/access-groups.js';
import { MAX_PAGE } from '../../wire/limits.js';
import { ApiError } from '../api-error.js';
import {
  requireGroupAdmin,
  requireLinker,
  requireOrdinaryGroup,
  requireSystemAdmin,
} from '../auth/group-access.js';
import type { Handlers, ServerContext } from '../handlers.js';
import { existing, existingWorkflow } from './existing.js';

const NOUN = 'Access group';
const ROLES = ['member', 'admin'];

export const accessGroupHandlers: Handlers<typeof ACCESS_GROUPS> = {
  check({ params: { workflow_id, user_name } }, context) {
    existingWorkflow(context, workflow_id);
    const allowed = !context.enforceAccessControl || hasAccess(context.db, user_name, workflow_id);
    return { has_access: allowed, user_name, workflow_id };
  },
  create({ body: { name, description }, user }, context) {
    requireSystemAdmin(context, user);
    requireText('name', name);
    const taken = page(context, ACCESS_GROUP, {}, equals('name', name));
    if (taken.total_count > 0) throw conflict(`there is an access group ${name} already`, 'name', name);
    const fields = description === undefined ? { name } : { name, description };
    return ACCESS_GROUP.insert(context.db, fields);
  },
  list: ({ query }, context) => page(context, ACCESS_GROUP, query, null),
  get: ({ params }, context) => existing(context, ACCESS_GROUP, NOUN, params.id),
  remove({ params, user }, context) {
    requireSystemAdmin(context, user);
    const group = existing(context, ACCESS_GROUP, NOUN, params.id);
    requireOrdinaryGroup(context, params.id);
    ACCESS_GROUP.remove(context.db, params.id);
    return group;
  },
  addMember({ params, body, user }, context) {
    const { user_name: name, group_id: group, role = 'member' } = body;
    requireManaged(context, params.id, user);
    requireText('user_name', name);
    if (group !== params.id) {
      const detail = { field: 'group_id', value: group };
      throw new ApiError(422, `group_id: the path says ${params.id}`, detail);
    }
    if (!ROLES.includes(role)) {
      throw new ApiError(422, `role: expected one of ${ROLES.join(', ')}`, { field: 'role', value: role });
    }
    if (membershipOf(context.db, params.id, name) !== null) {
      throw conflict(`${name} is a member of the group already`, 'user_name', name);
    }
    return MEMBERSHIP.insert(context.db, { user_name: name, group_id: params.id, role });
  },
  listMembers({ params, query }, context) {
    existing(context, ACCESS_GROUP, NOUN, params.id);
    return page(context, MEMBERSHIP, query, equals('group_id', params.id));
  },
  removeMember({ params: { id, user_name: name }, user }, context) {
    requireManaged(context, id, user);
    const membership = membershipOf(context.db, id, name);
    if (membership === null) throw absent(`${name} is no member of access group ${id}`);
    MEMBERSHIP.remove(context.db, membership.id as number);
    return membership;
  },
  listOfUser: ({ params, query }, context) =>
    page(context, ACCESS_GROUP, query, groupsOfUser(params.user_name)),
  listOfWorkflow({ params, query }, context) {
    existingWorkflow(context, params.id);
    return page(context, ACCESS_GROUP, query, groupsOfWorkflow(params.id));
  },
  link({ params: { id, group_id: group }, user }, context) {
    requireLinkable(context, id, group, user);
    if (linkOf(context.db, id, group) !== null) {
      throw conflict(`access group ${group} may use workflow ${id} already`, 'group_id', group);
    }
    addLink(context.db, id, group);
    return { workflow_id: id, group_id: group, ...linkOf(context.db, id, group) };
  },
  unlink({ params: { id, group_id: group }, user }, context) {
    requireLinkable(context, id, group, user);
    const link = linkOf(context.db, id, group);
    if (link === null) throw absent(`access group ${group} has no link to workflow ${id}`);
    removeLink(context.db, id, group);
    return link;
  },
};

/** The group is there, and the user manages its members. */
function requireManaged(context: ServerContext, group: number, user: string): void {
  existing(context, ACCESS_GROUP, NOUN, group);
  requireOrdinaryGroup(context, group);
  requireGroupAdmin(context, user, group);
}

/** Both are there, and the user decides whether they belong together. */
function requireLinkable(context: ServerContext, workflow: number, group: number, user: string): void {
  existingWorkflow(context, workflow);
  existing(context, ACCESS_GROUP, NOUN, group);
  requireLinker(context, user, workflow, group);
}

function requireText(field: string, value: string): void {
  if (value.trim() === '') throw new ApiError(422, `${field} is empty`, { field, value });
}

function conflict(message: string, field: string, value: unknown): ApiError {
  return new ApiError(409, message, { error: 'Conflict', field, value });
}

function absent(message: string): ApiError {
  return new ApiError(404, message, { error: 'NotFound' });
}

/** A page in the envelope of these lists. */
function page<M extends { id?: number }>(
  { db }: ServerContext,
  table: Table<M>,
  { offset = 0, limit = MAX_PAGE }: { offset?: number; limit?: number },
  condition: ListRequest['conditions'][number],
) {
  const { items, total_count, has_more } = table.list(db, { offset, limit, conditions: [condition] });
  return { items, offset, limit, total_count, has_more };
}
