import { accessibleTo, hasAccess, isSystemAdmin, ownerOf } from '../../store/workflows/access.js';
import type { WorkflowDatabase } from '../../store/workflows/database.js';
import { type OwnedTable, owningWorkflow } from '../../store/workflows/owning-workflow.js';
import type { Condition } from '../../store/workflows/table.js';
import { ACCESS_GROUPS } from '../../wire/access-groups.js';
import type { Endpoint } from '../../wire/endpoint.js';
import { ApiError } from '../api-error.js';
import type { ApiRequest, ServerContext } from '../handlers.js';
import { ANONYMOUS } from './authenticate.js';

/** Tables of what belongs to a workflow, by the first part of the paths of single items. */
const TABLES: Readonly<Record<string, OwnedTable>> = {
  jobs: 'job',
  files: 'file',
  user_data: 'user_data',
  resource_requirements: 'resource_requirements',
  failure_handlers: 'failure_handler',
  results: 'result',
  events: 'event',
  compute_nodes: 'compute_node',
  scheduled_compute_nodes: 'scheduled_compute_node',
  slurm_schedulers: 'slurm_scheduler',
  local_schedulers: 'local_scheduler',
};

const NONE: Condition = { sql: '0', values: [] };

/** Owners and administrators of groups decide about these, whether they are in the group or not. */
const LINK = ACCESS_GROUPS.link.path;

/**
 * Refuses a request about a workflow that is neither the user's own nor of one of his groups; which workflow that is
 * stands in the path, the query or the body, or follows from the item that is meant. What is not there is not refused:
 * its handler says so.
 *
 * @throws ApiError 403
 */
export function requireAccess(
  endpoint: Endpoint,
  request: ApiRequest<Endpoint>,
  context: ServerContext,
): void {
  const { user, body } = request;
  if (endpoint.path === '/workflows' && endpoint.method === 'POST') requireOwnName(context, user, body);
  for (const workflow of workflowsOf(endpoint, request, context.db)) {
    requireWorkflowAccess(context, user, workflow);
  }
}

/** @throws ApiError 403 */
export function requireWorkflowAccess({ db }: ServerContext, user: string, workflow: number): void {
  if (ownerOf(db, workflow) === null) return;
  if (user !== ANONYMOUS && hasAccess(db, user, workflow)) return;
  throw forbidden(`User '${user}' does not have access to workflow ${workflow}`);
}

/** Which workflows a list holds; null: all. */
export function listedWorkflows({ enforceAccessControl }: ServerContext, user: string): Condition | null {
  if (!enforceAccessControl) return null;
  return user === ANONYMOUS ? NONE : accessibleTo(user);
}

export function forbidden(message: string): ApiError {
  return new ApiError(403, message, { error: 'Forbidden' });
}

/** Whoever creates a workflow owns it; only administrators create them for others. */
function requireOwnName({ db }: ServerContext, user: string, body: unknown): void {
  const owner = (body as { user: string }).user;
  if (user !== ANONYMOUS && (owner === user || isSystemAdmin(db, user))) return;
  throw forbidden(`User '${user}' cannot create workflows of user '${owner}'`);
}

/** All workflows that a request names or whose items it names, where the operation has no rule of its own. */
function workflowsOf(
  { path, body: schema }: Endpoint,
  { params, query, body }: ApiRequest<Endpoint>,
  db: WorkflowDatabase,
): Set<number> {
  const found = new Set<number>();
  if (path === LINK) return found;
  const { id } = params as { id?: number };
  const [, collection = ''] = path.split('/');
  const table = TABLES[collection];
  if (collection === 'workflows') add(found, id);
  if (table !== undefined && id !== undefined) {
    add(found, owningWorkflow(db, table, id));
  }
  add(found, (query as { workflow_id?: number }).workflow_id);
  // What the data of an event say is no matter of workflows.
  if (schema !== null && 'properties' in schema) addOfBody(found, body);
  return found;
}

function addOfBody(found: Set<number>, body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const { workflow_id, jobs } = body as { workflow_id?: unknown; jobs?: unknown };
  add(found, workflow_id);
  if (Array.isArray(jobs)) for (const job of jobs) add(found, (job as { workflow_id?: unknown }).workflow_id);
}

function add(found: Set<number>, workflow: unknown): void {
  if (typeof workflow === 'number') found.add(workflow);
}
