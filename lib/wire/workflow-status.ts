import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { ID } from './page.js';

export const WorkflowStatusModel = Type.Object({
  /** The workflow's id. */
  id: Type.Optional(Type.Integer()),
  is_canceled: Type.Boolean(),
  is_archived: Type.Optional(Type.Boolean({ default: false })),
  /** 0 until the workflow is initialised for the first time. */
  run_id: Type.Integer(),
  has_detected_need_to_run_completion_script: Type.Optional(Type.Boolean({ default: false })),
});
export type WorkflowStatusModel = Static<typeof WorkflowStatusModel>;

const ERRORS = [403, 404, 422];

/** What is said of a workflow as a whole, beside its jobs' states. */
export const WORKFLOW_STATUS = {
  getStatus: endpoint({
    method: 'GET',
    path: '/workflows/{id}/status',
    summary: "The workflow's own status",
    params: ID,
    response: WorkflowStatusModel,
    errors: ERRORS,
  }),
  putStatus: endpoint({
    method: 'PUT',
    path: '/workflows/{id}/status',
    summary: "Replace the workflow's own status",
    params: ID,
    body: WorkflowStatusModel,
    isModel: true,
    response: WorkflowStatusModel,
    errors: ERRORS,
  }),
  resetStatus: endpoint({
    method: 'POST',
    path: '/workflows/{id}/reset_status',
    summary: "Reset the workflow's own status",
    params: ID,
    query: { force: Type.Optional(Type.Boolean({ default: false })) },
    response: WorkflowStatusModel,
    errors: ERRORS,
  }),
  cancel: endpoint({
    method: 'PUT',
    path: '/workflows/{id}/cancel',
    summary: 'Cancel a workflow: running and pending jobs are canceled, no further job is claimed',
    params: ID,
    response: WorkflowStatusModel,
    errors: ERRORS,
  }),
  isComplete: endpoint({
    method: 'GET',
    path: '/workflows/{id}/is_complete',
    summary: 'Whether no job of the workflow will run any more',
    params: ID,
    response: Type.Object({
      is_canceled: Type.Boolean(),
      is_complete: Type.Boolean(),
      needs_to_run_completion_script: Type.Boolean(),
    }),
    errors: ERRORS,
  }),
};
