import { LOCAL_SCHEDULER, SLURM_SCHEDULER } from '../../store/workflows/schedulers.js';
import { equals } from '../../store/workflows/table.js';
import type { Query } from '../../wire/endpoint.js';
import { parseMemorySize } from '../../wire/memory-size.js';
import type {
  LOCAL_SCHEDULERS,
  LocalSchedulerModel,
  SLURM_SCHEDULERS,
  SlurmSchedulerModel,
} from '../../wire/schedulers.js';
import { readField } from '../client-mistake.js';
import type { Handlers } from '../handlers.js';
import { collectionHandlers } from './collection.js';

/** Values that are compared as they stand. */
const COMPARED = ['name', 'account', 'gres', 'mem', 'nodes', 'partition', 'qos', 'tmp', 'walltime'] as const;

export const slurmSchedulerHandlers: Handlers<typeof SLURM_SCHEDULERS> = collectionHandlers<
  SlurmSchedulerModel,
  Query<typeof SLURM_SCHEDULERS.list>
>({
  table: SLURM_SCHEDULER,
  noun: 'Slurm scheduler',
  conditions: (query) => COMPARED.map((name) => equals(name, query[name])),
});

const LOCAL = collectionHandlers<LocalSchedulerModel, Query<typeof LOCAL_SCHEDULERS.list>>({
  table: LOCAL_SCHEDULER,
  noun: 'Local scheduler',
  conditions: ({ memory, num_cpus: cpus }) => [equals('memory', memory), equals('num_cpus', cpus)],
  check({ memory }) {
    if (memory !== undefined) readField('memory', memory, parseMemorySize);
  },
});

export const localSchedulerHandlers: Handlers<typeof LOCAL_SCHEDULERS> = {
  ...LOCAL,
  create: ({ body }, context) => LOCAL.create({ body: { name: 'default', ...body } }, context),
};
