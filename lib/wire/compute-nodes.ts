import { type Static, Type } from 'typebox';
import { collection, DELETED_COUNT } from './page.js';

/** A runner, on this machine or in a Slurm allocation. */
export const ComputeNodeModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  hostname: Type.String(),
  pid: Type.Integer(),
  /** RFC 3339. */
  start_time: Type.String(),
  duration_seconds: Type.Optional(Type.Number()),
  is_active: Type.Optional(Type.Boolean()),
  num_cpus: Type.Integer(),
  /** GiB. */
  memory_gb: Type.Number(),
  num_gpus: Type.Integer(),
  num_nodes: Type.Integer(),
  time_limit: Type.Optional(Type.String()),
  scheduler_config_id: Type.Optional(Type.Integer()),
  /** `local` or `slurm`. */
  compute_node_type: Type.String(),
  scheduler: Type.Optional(Type.Unknown()),
});
export type ComputeNodeModel = Static<typeof ComputeNodeModel>;

export const COMPUTE_NODES = collection({
  path: '/compute_nodes',
  noun: 'compute node',
  model: ComputeNodeModel,
  filters: {
    hostname: Type.Optional(Type.String()),
    is_active: Type.Optional(Type.Boolean()),
    scheduled_compute_node_id: Type.Optional(Type.Integer()),
  },
  deleted: DELETED_COUNT,
});

/** A Slurm allocation that was submitted for runners. */
export const ScheduledComputeNodesModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  /** The Slurm job id; 0 until it is known. */
  scheduler_id: Type.Integer(),
  /** The row of slurm_schedulers. */
  scheduler_config_id: Type.Integer(),
  scheduler_type: Type.String(),
  /** `pending`, `active` or `complete`. */
  status: Type.String(),
});
export type ScheduledComputeNodesModel = Static<typeof ScheduledComputeNodesModel>;

export const SCHEDULED_COMPUTE_NODES = collection({
  path: '/scheduled_compute_nodes',
  noun: 'scheduled compute node',
  model: ScheduledComputeNodesModel,
  filters: {
    scheduler_id: Type.Optional(Type.Integer()),
    scheduler_config_id: Type.Optional(Type.Integer()),
    status: Type.Optional(Type.String()),
  },
  deleted: DELETED_COUNT,
});
