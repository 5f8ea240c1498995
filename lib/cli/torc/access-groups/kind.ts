import type { AccessGroupModel, UserGroupMembershipModel } from '../../../wire/access-groups.js';
import type { TableColumn } from '../../table.js';
import { fallback, integer } from '../../tree/option.js';
import type { RecordKind } from '../record-command.js';

export const ACCESS_GROUP: RecordKind<AccessGroupModel> = {
  noun: 'access group',
  group: 'access-groups',
  columns: [
    ['ID', (group) => group.id],
    ['Name', (group) => group.name],
    ['Description', (group) => group.description],
    ['Created', (group) => group.created_at],
  ],
};

export const MEMBER_COLUMNS: readonly TableColumn<UserGroupMembershipModel>[] = [
  ['User', (member) => member.user_name],
  ['Role', (member) => member.role],
  ['Since', (member) => member.created_at],
];

export const GROUP_PAGING = {
  limit: fallback(integer('How many at most', { alias: 'l' }), 100),
  offset: fallback(integer('How many of the first to leave out', { alias: 'o' }), 0),
};
