import { type Static, Type } from 'typebox';
import { collection } from './page.js';

export const ResourceRequirementsModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  name: Type.String(),
  num_cpus: Type.Integer({ default: 1 }),
  num_gpus: Type.Integer({ default: 0 }),
  num_nodes: Type.Integer({ default: 1 }),
  /** `512m`, `2g`; a bare number is bytes. */
  memory: Type.String({ default: '1m' }),
  /** ISO 8601 duration. */
  runtime: Type.String({ default: 'P0DT1M' }),
});
export type ResourceRequirementsModel = Static<typeof ResourceRequirementsModel>;

/** The record that the server makes with each workflow, for jobs that say nothing of what they need. */
export const DEFAULT_REQUIREMENTS = 'default';

export const RESOURCE_REQUIREMENTS = collection({
  path: '/resource_requirements',
  noun: 'set of resource requirements',
  model: ResourceRequirementsModel,
  filters: {
    job_id: Type.Optional(Type.Integer()),
    name: Type.Optional(Type.String()),
    memory: Type.Optional(Type.String()),
    num_cpus: Type.Optional(Type.Integer()),
    num_gpus: Type.Optional(Type.Integer()),
    num_nodes: Type.Optional(Type.Integer()),
    /** Seconds. */
    runtime: Type.Optional(Type.Integer()),
  },
  deleted: Type.Object({ count: Type.Integer() }),
});
