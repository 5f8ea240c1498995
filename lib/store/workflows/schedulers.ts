import type { LocalSchedulerModel, SlurmSchedulerModel } from '../../wire/schedulers.js';
import { Table } from './table.js';

export const SLURM_SCHEDULER = new Table<SlurmSchedulerModel>('slurm_scheduler', [
  'workflow_id',
  'name',
  'account',
  'gres',
  'mem',
  'nodes',
  'ntasks_per_node',
  'partition',
  'qos',
  'tmp',
  'walltime',
  'extra',
]);

export const LOCAL_SCHEDULER = new Table<LocalSchedulerModel>('local_scheduler', [
  'workflow_id',
  'name',
  'memory',
  'num_cpus',
]);
