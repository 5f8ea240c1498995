import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { ID } from './page.js';

export const WorkflowActionModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  trigger_type: Type.String(),
  action_type: Type.String(),
  /** `{commands}` or `{scheduler_type, scheduler_id, num_allocations, …}`. */
  action_config: Type.Unknown(),
  /** Jobs whose transitions trigger it; absent: it is not about particular jobs. */
  job_ids: Type.Optional(Type.Array(Type.Integer())),
  trigger_count: Type.Optional(Type.Integer({ default: 0 })),
  required_triggers: Type.Optional(Type.Integer({ default: 1 })),
  executed: Type.Optional(Type.Boolean({ default: false })),
  executed_at: Type.Optional(Type.String()),
  /** Compute node. */
  executed_by: Type.Optional(Type.Integer()),
  persistent: Type.Optional(Type.Boolean({ default: false })),
  is_recovery: Type.Optional(Type.Boolean({ default: false })),
});
export type WorkflowActionModel = Static<typeof WorkflowActionModel>;

const ERRORS = [403, 404, 422];

export const ACTIONS = {
  create: endpoint({
    method: 'POST',
    path: '/workflows/{id}/actions',
    summary: 'Create an action of a workflow',
    params: ID,
    body: WorkflowActionModel,
    response: WorkflowActionModel,
    errors: ERRORS,
  }),
  list: endpoint({
    method: 'GET',
    path: '/workflows/{id}/actions',
    summary: 'List the actions of a workflow',
    params: ID,
    response: Type.Array(WorkflowActionModel),
    errors: ERRORS,
  }),
  pending: endpoint({
    method: 'GET',
    path: '/workflows/{id}/actions/pending',
    summary: 'List the actions that are triggered and have not been claimed',
    params: ID,
    query: { trigger_type: Type.Optional(Type.Array(Type.String())) },
    response: Type.Array(WorkflowActionModel),
    errors: ERRORS,
  }),
  claim: endpoint({
    method: 'POST',
    path: '/workflows/{id}/actions/{action_id}/claim',
    summary: 'Claim an action: whoever gets it has to carry it out',
    params: { ...ID, action_id: Type.Integer() },
    body: Type.Object({ compute_node_id: Type.Optional(Type.Union([Type.Integer(), Type.Null()])) }),
    response: Type.Object({ claimed: Type.Boolean(), action_id: Type.Integer() }),
    errors: [403, 404, 409, 422],
  }),
};
