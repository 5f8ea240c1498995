import { isGroupAdmin, isSystemAdmin, ownerOf } from '../../store/workflows/access.js';
import { isSystemGroup } from '../../store/workflows/access-groups.js';
import type { ServerContext } from '../handlers.js';
import { ANONYMOUS } from './authenticate.js';
import { forbidden } from './workflow-access.js';

/** @throws ApiError 403 for whoever is no administrator of the server */
export function requireSystemAdmin(context: ServerContext, user: string): void {
  if (isSystem(context, user)) return;
  throw forbidden('only administrators of the server create and delete access groups');
}

/** @throws ApiError 403 for whoever administrates neither the server nor the group */
export function requireGroupAdmin(context: ServerContext, user: string, group: number): void {
  if (isSystem(context, user) || isOfGroup(context, user, group)) return;
  throw forbidden(`User '${user}' does not administrate access group ${group}`);
}

/** @throws ApiError 403 for whoever neither owns the workflow nor administrates the group or the server */
export function requireLinker(context: ServerContext, user: string, workflow: number, group: number): void {
  const isOwner = user !== ANONYMOUS && ownerOf(context.db, workflow) === user;
  if (isOwner || isSystem(context, user) || isOfGroup(context, user, group)) return;
  throw forbidden(`User '${user}' neither owns workflow ${workflow} nor administrates access group ${group}`);
}

/**
 * The group of administrators is made by the server's configuration, whoever asks.
 *
 * @throws ApiError 403
 */
export function requireOrdinaryGroup({ db }: ServerContext, group: number): void {
  if (isSystemGroup(db, group))
    throw forbidden("this group is the server's own: its configuration has the members");
}

/** Without access control everybody may do everything. */
function isSystem({ db, enforceAccessControl }: ServerContext, user: string): boolean {
  return !enforceAccessControl || (user !== ANONYMOUS && isSystemAdmin(db, user));
}

function isOfGroup({ db }: ServerContext, user: string, group: number): boolean {
  return user !== ANONYMOUS && isGroupAdmin(db, user, group);
}
