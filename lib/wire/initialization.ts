import { Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { ID } from './page.js';

const ERRORS = [403, 404, 422];

/** What makes a workflow's jobs wait, ready or uninitialized, and what has to be there before. */
export const INITIALIZATION = {
  initializeJobs: endpoint({
    method: 'POST',
    path: '/workflows/{id}/initialize_jobs',
    summary: 'Add the dependencies that files and user data imply, and make jobs ready or blocked',
    params: ID,
    query: {
      only_uninitialized: Type.Optional(Type.Boolean({ default: false })),
      clear_ephemeral_user_data: Type.Optional(Type.Boolean({ default: false })),
    },
    response: Type.Object({ message: Type.String() }),
    errors: ERRORS,
  }),
  isUninitialized: endpoint({
    method: 'GET',
    path: '/workflows/{id}/is_uninitialized',
    summary: 'Whether all jobs are uninitialized or disabled',
    params: ID,
    response: Type.Object({ is_uninitialized: Type.Boolean() }),
    errors: ERRORS,
  }),
  missingUserData: endpoint({
    method: 'GET',
    path: '/workflows/{id}/missing_user_data',
    summary: 'User data that must be there before the workflow starts, and is not',
    params: ID,
    response: Type.Object({ user_data: Type.Array(Type.Integer()) }),
    errors: ERRORS,
  }),
  requiredExistingFiles: endpoint({
    method: 'GET',
    path: '/workflows/{id}/required_existing_files',
    summary: 'Files that must exist before the workflow starts',
    params: ID,
    response: Type.Object({ files: Type.Array(Type.Integer()) }),
    errors: ERRORS,
  }),
  processChangedJobInputs: endpoint({
    method: 'POST',
    path: '/workflows/{id}/process_changed_job_inputs',
    summary: 'Reset jobs whose definition or input data have changed since they were initialised',
    params: ID,
    query: { dry_run: Type.Optional(Type.Boolean({ default: false })) },
    response: Type.Object({ reinitialized_jobs: Type.Optional(Type.Array(Type.String())) }),
    errors: ERRORS,
  }),
  resetJobStatus: endpoint({
    method: 'POST',
    path: '/workflows/{id}/reset_job_status',
    summary: 'Make jobs uninitialized: all, or those that failed and what is downstream of them',
    params: ID,
    query: { failed_only: Type.Optional(Type.Boolean({ default: false })) },
    response: Type.Object({
      workflow_id: Type.Integer(),
      updated_count: Type.Integer(),
      status: Type.String(),
      reset_type: Type.Optional(Type.String()),
    }),
    errors: ERRORS,
  }),
};
