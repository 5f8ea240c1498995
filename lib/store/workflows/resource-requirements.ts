import { parseIsoDuration } from '../../wire/iso-duration.js';
import { parseMemorySize } from '../../wire/memory-size.js';
import type { ResourceRequirementsModel } from '../../wire/resource-requirements.js';
import { type Condition, type OwnColumns, Table } from './table.js';

export const RESOURCE_REQUIREMENT = new Table<ResourceRequirementsModel>(
  'resource_requirements',
  ['workflow_id', 'name', 'num_cpus', 'num_gpus', 'num_nodes', 'memory', 'runtime'],
  {},
  { memory: 'memory_bytes', runtime: 'runtime_s' },
);

/** The set that every workflow has, for jobs that ask for none. */
export const DEFAULT_REQUIREMENTS = {
  name: 'default',
  num_cpus: 1,
  num_gpus: 0,
  num_nodes: 1,
  memory: '1m',
  runtime: 'P0DT1M',
} as const;

/**
 * Memory and runtime as numbers, which jobs are compared and sorted by.
 *
 * @throws FormatError
 */
export function measured({ memory, runtime }: { memory: string; runtime: string }): OwnColumns {
  return { memory_bytes: parseMemorySize(memory), runtime_s: parseIsoDuration(runtime) };
}

/** Sets that a job uses. */
export function requirementsOf(job: number | undefined): Condition | null {
  if (job === undefined) return null;
  return { sql: 'id IN (SELECT resource_requirements_id FROM job WHERE id = ?)', values: [job] };
}
