import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { ID, PAGING, page } from './page.js';

export const JobDependencyModel = Type.Object({
  job_id: Type.Integer(),
  job_name: Type.String(),
  depends_on_job_id: Type.Integer(),
  depends_on_job_name: Type.String(),
  workflow_id: Type.Integer(),
});
export type JobDependencyModel = Static<typeof JobDependencyModel>;

const PRODUCER_AND_CONSUMER = {
  producer_job_id: Type.Optional(Type.Integer()),
  producer_job_name: Type.Optional(Type.String()),
  consumer_job_id: Type.Optional(Type.Integer()),
  consumer_job_name: Type.Optional(Type.String()),
  workflow_id: Type.Integer(),
};

export const JobFileRelationshipModel = Type.Object({
  file_id: Type.Integer(),
  file_name: Type.String(),
  file_path: Type.String(),
  ...PRODUCER_AND_CONSUMER,
});
export type JobFileRelationshipModel = Static<typeof JobFileRelationshipModel>;

export const JobUserDataRelationshipModel = Type.Object({
  user_data_id: Type.Integer(),
  user_data_name: Type.String(),
  ...PRODUCER_AND_CONSUMER,
});
export type JobUserDataRelationshipModel = Static<typeof JobUserDataRelationshipModel>;

const ERRORS = [403, 404, 422];

/** Who waits for whom, and why: operations of a workflow. */
export const RELATIONSHIPS = {
  jobDependencies: endpoint({
    method: 'GET',
    path: '/workflows/{id}/job_dependencies',
    summary: 'List which job depends on which',
    params: ID,
    query: PAGING,
    response: page(JobDependencyModel),
    errors: ERRORS,
  }),
  jobFileRelationships: endpoint({
    method: 'GET',
    path: '/workflows/{id}/job_file_relationships',
    summary: 'List which jobs write and read which file',
    params: ID,
    query: PAGING,
    response: page(JobFileRelationshipModel),
    errors: ERRORS,
  }),
  jobUserDataRelationships: endpoint({
    method: 'GET',
    path: '/workflows/{id}/job_user_data_relationships',
    summary: 'List which jobs write and read which user data',
    params: ID,
    query: PAGING,
    response: page(JobUserDataRelationshipModel),
    errors: ERRORS,
  }),
  dotGraph: endpoint({
    method: 'GET',
    path: '/workflows/{id}/dot_graph/{name}',
    summary: "The workflow's graph of jobs in Graphviz's language",
    params: { ...ID, name: Type.String() },
    response: Type.Object({ graph: Type.String() }),
    errors: ERRORS,
  }),
};
