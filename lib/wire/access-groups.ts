import { type Static, type TSchema, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { ID, PAGING } from './page.js';

export const AccessGroupModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  name: Type.String(),
  description: Type.Optional(Type.String()),
  /** `2026-11-21 10:00:00`, UTC. */
  created_at: Type.Optional(Type.String()),
});
export type AccessGroupModel = Static<typeof AccessGroupModel>;

export const UserGroupMembershipModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  user_name: Type.String(),
  group_id: Type.Integer(),
  /** `member` or `admin`. */
  role: Type.Optional(Type.String({ default: 'member' })),
  created_at: Type.Optional(Type.String()),
});
export type UserGroupMembershipModel = Static<typeof UserGroupMembershipModel>;

export const WorkflowAccessGroupModel = Type.Object({
  workflow_id: Type.Integer(),
  group_id: Type.Integer(),
  created_at: Type.Optional(Type.String()),
});
export type WorkflowAccessGroupModel = Static<typeof WorkflowAccessGroupModel>;

const AccessCheckResponse = Type.Object({
  has_access: Type.Boolean(),
  user_name: Type.String(),
  workflow_id: Type.Integer(),
});

/** The envelope of these lists, which is another than elsewhere. */
function groupPage<M extends TSchema>(item: M) {
  return Type.Object({
    items: Type.Array(item),
    offset: Type.Integer(),
    limit: Type.Integer(),
    total_count: Type.Integer(),
    has_more: Type.Boolean(),
  });
}

const USER = { user_name: Type.String() };
const GROUP = { group_id: Type.Integer() };

export const ACCESS_GROUPS = {
  check: endpoint({
    method: 'GET',
    path: '/access_check/{workflow_id}/{user_name}',
    summary: 'Whether a user may use a workflow',
    params: { workflow_id: Type.Integer(), ...USER },
    response: AccessCheckResponse,
    errors: [404],
  }),
  create: endpoint({
    method: 'POST',
    path: '/access_groups',
    summary: 'Create an access group',
    body: AccessGroupModel,
    isModel: true,
    response: AccessGroupModel,
    errors: [403, 409, 422],
  }),
  list: endpoint({
    method: 'GET',
    path: '/access_groups',
    summary: 'List the access groups',
    query: PAGING,
    response: groupPage(AccessGroupModel),
  }),
  get: endpoint({
    method: 'GET',
    path: '/access_groups/{id}',
    summary: 'Get an access group',
    params: ID,
    response: AccessGroupModel,
    errors: [404],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/access_groups/{id}',
    summary: 'Delete an access group with its memberships and links',
    params: ID,
    response: AccessGroupModel,
    errors: [403, 404],
  }),
  addMember: endpoint({
    method: 'POST',
    path: '/access_groups/{id}/members',
    summary: 'Add a user to an access group',
    params: ID,
    body: UserGroupMembershipModel,
    isModel: true,
    response: UserGroupMembershipModel,
    errors: [403, 404, 409, 422],
  }),
  listMembers: endpoint({
    method: 'GET',
    path: '/access_groups/{id}/members',
    summary: 'List the members of an access group',
    params: ID,
    query: PAGING,
    response: groupPage(UserGroupMembershipModel),
    errors: [404],
  }),
  removeMember: endpoint({
    method: 'DELETE',
    path: '/access_groups/{id}/members/{user_name}',
    summary: 'Remove a user from an access group',
    params: { ...ID, ...USER },
    response: UserGroupMembershipModel,
    errors: [403, 404],
  }),
  listOfUser: endpoint({
    method: 'GET',
    path: '/users/{user_name}/groups',
    summary: 'List the access groups of a user',
    params: USER,
    query: PAGING,
    response: groupPage(AccessGroupModel),
  }),
  listOfWorkflow: endpoint({
    method: 'GET',
    path: '/workflows/{id}/access_groups',
    summary: 'List the access groups that may use a workflow',
    params: ID,
    query: PAGING,
    response: groupPage(AccessGroupModel),
    errors: [403, 404],
  }),
  link: endpoint({
    method: 'POST',
    path: '/workflows/{id}/access_groups/{group_id}',
    summary: 'Let an access group use a workflow',
    params: { ...ID, ...GROUP },
    response: WorkflowAccessGroupModel,
    errors: [403, 404, 409],
  }),
  unlink: endpoint({
    method: 'DELETE',
    path: '/workflows/{id}/access_groups/{group_id}',
    summary: 'No longer let an access group use a workflow',
    params: { ...ID, ...GROUP },
    response: WorkflowAccessGroupModel,
    errors: [403, 404],
  }),
};
