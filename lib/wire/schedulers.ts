import { type Static, Type } from 'typebox';
import { collection, DELETED_COUNT } from './page.js';

export const SlurmSchedulerModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  name: Type.Optional(Type.String()),
  account: Type.String(),
  gres: Type.Optional(Type.String()),
  mem: Type.Optional(Type.String()),
  nodes: Type.Integer(),
  ntasks_per_node: Type.Optional(Type.Integer()),
  partition: Type.Optional(Type.String()),
  qos: Type.Optional(Type.String()),
  tmp: Type.Optional(Type.String()),
  /** As sbatch --time takes it. */
  walltime: Type.String(),
  /** Further options of sbatch, as on its command line. */
  extra: Type.Optional(Type.String()),
});
export type SlurmSchedulerModel = Static<typeof SlurmSchedulerModel>;

export const SLURM_SCHEDULERS = collection({
  path: '/slurm_schedulers',
  noun: 'Slurm scheduler',
  model: SlurmSchedulerModel,
  filters: {
    name: Type.Optional(Type.String()),
    account: Type.Optional(Type.String()),
    gres: Type.Optional(Type.String()),
    mem: Type.Optional(Type.String()),
    nodes: Type.Optional(Type.Integer()),
    partition: Type.Optional(Type.String()),
    qos: Type.Optional(Type.String()),
    tmp: Type.Optional(Type.String()),
    walltime: Type.Optional(Type.String()),
  },
  deleted: DELETED_COUNT,
});

export const LocalSchedulerModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  name: Type.Optional(Type.String({ default: 'default' })),
  memory: Type.Optional(Type.String()),
  num_cpus: Type.Optional(Type.Integer()),
});
export type LocalSchedulerModel = Static<typeof LocalSchedulerModel>;

export const LOCAL_SCHEDULERS = collection({
  path: '/local_schedulers',
  noun: 'local scheduler',
  model: LocalSchedulerModel,
  filters: { memory: Type.Optional(Type.String()), num_cpus: Type.Optional(Type.Integer()) },
  deleted: DELETED_COUNT,
});
