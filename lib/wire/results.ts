import { type Static, Type } from 'typebox';
import { JobStatusSchema } from './job-status-schema.js';
import { collection, DELETED_COUNT } from './page.js';

/** How one attempt of a job ended. One for each job, run and attempt. */
export const ResultModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  job_id: Type.Integer(),
  workflow_id: Type.Integer(),
  run_id: Type.Integer(),
  attempt_id: Type.Optional(Type.Integer({ default: 1 })),
  compute_node_id: Type.Integer(),
  return_code: Type.Integer(),
  exec_time_minutes: Type.Number(),
  /** `2026-11-21T10:00:00.000Z` */
  completion_time: Type.String(),
  peak_memory_bytes: Type.Optional(Type.Integer()),
  avg_memory_bytes: Type.Optional(Type.Integer()),
  peak_cpu_percent: Type.Optional(Type.Number()),
  avg_cpu_percent: Type.Optional(Type.Number()),
  status: JobStatusSchema,
});
export type ResultModel = Static<typeof ResultModel>;

export const RESULTS = collection({
  path: '/results',
  noun: 'result',
  model: ResultModel,
  filters: {
    job_id: Type.Optional(Type.Integer()),
    run_id: Type.Optional(Type.Integer()),
    return_code: Type.Optional(Type.Integer()),
    status: Type.Optional(JobStatusSchema),
    compute_node_id: Type.Optional(Type.Integer()),
    /** Without it, only the current result of each job. */
    all_runs: Type.Optional(Type.Boolean({ default: false })),
  },
  deleted: DELETED_COUNT,
});
