import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { ID, PAGING, page } from './page.js';

export const FailureHandlerModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  name: Type.String(),
  /** JSON text: an array of `{exit_codes, match_all_exit_codes, recovery_script, max_retries}`. */
  rules: Type.String(),
});
export type FailureHandlerModel = Static<typeof FailureHandlerModel>;

export const FAILURE_HANDLERS = {
  create: endpoint({
    method: 'POST',
    path: '/failure_handlers',
    summary: 'Create a failure handler',
    body: FailureHandlerModel,
    isModel: true,
    response: FailureHandlerModel,
    errors: [403, 404, 409, 422],
  }),
  get: endpoint({
    method: 'GET',
    path: '/failure_handlers/{id}',
    summary: 'Get a failure handler',
    params: ID,
    response: FailureHandlerModel,
    errors: [403, 404],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/failure_handlers/{id}',
    summary: 'Delete a failure handler; jobs that had it have none',
    params: ID,
    response: Type.Object({ message: Type.String() }),
    errors: [403, 404],
  }),
  list: endpoint({
    method: 'GET',
    path: '/workflows/{id}/failure_handlers',
    summary: 'List the failure handlers of a workflow',
    params: ID,
    query: PAGING,
    response: page(FailureHandlerModel),
    errors: [403, 404],
  }),
};
