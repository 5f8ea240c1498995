import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { ID } from './page.js';

export const RemoteWorkerModel = Type.Object({
  /** `[user@]host[:port]` */
  worker: Type.String(),
  workflow_id: Type.Integer(),
});
export type RemoteWorkerModel = Static<typeof RemoteWorkerModel>;

export const REMOTE_WORKERS = {
  add: endpoint({
    method: 'POST',
    path: '/workflows/{id}/remote_workers',
    summary: 'Add remote workers to a workflow; those that it has already stay',
    params: ID,
    body: Type.Array(Type.String()),
    status: 201,
    response: Type.Array(RemoteWorkerModel),
    errors: [403, 404, 422],
  }),
  list: endpoint({
    method: 'GET',
    path: '/workflows/{id}/remote_workers',
    summary: 'List the remote workers of a workflow',
    params: ID,
    response: Type.Array(RemoteWorkerModel),
    errors: [403, 404],
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/workflows/{id}/remote_workers/{worker}',
    summary: 'Remove a remote worker from a workflow',
    params: { ...ID, worker: Type.String() },
    response: RemoteWorkerModel,
    errors: [403, 404],
  }),
};
