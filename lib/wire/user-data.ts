import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { collection } from './page.js';

export const UserDataModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  /** Cleared when the workflow is initialised. */
  is_ephemeral: Type.Optional(Type.Boolean()),
  name: Type.String(),
  /** Any JSON; absent until a job or a person has set it. */
  data: Type.Optional(Type.Unknown()),
});
export type UserDataModel = Static<typeof UserDataModel>;

/** Jobs that an entry is input or output of from the beginning. */
const OF_JOBS = {
  consumer_job_id: Type.Optional(Type.Integer()),
  producer_job_id: Type.Optional(Type.Integer()),
};

const PLAIN = collection({
  path: '/user_data',
  noun: 'user data entry',
  model: UserDataModel,
  filters: {
    ...OF_JOBS,
    name: Type.Optional(Type.String()),
    is_ephemeral: Type.Optional(Type.Boolean()),
  },
  deleted: Type.Object({ message: Type.String(), deleted_count: Type.Integer() }),
});

export const USER_DATA = {
  ...PLAIN,
  create: endpoint({
    method: 'POST',
    path: '/user_data',
    summary: 'Create a user data entry, and say which jobs it belongs to',
    query: OF_JOBS,
    body: UserDataModel,
    isModel: true,
    response: UserDataModel,
    errors: [403, 404, 409, 422],
  }),
};
