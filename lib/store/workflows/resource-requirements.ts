import type { ResourceRequirementsModel } from '../../wire/resource-requirements.js';
import { type Condition, Table } from './table.js';

export const RESOURCE_REQUIREMENT = new Table<ResourceRequirementsModel>(
  'resource_requirements',
  ['workflow_id', 'name', 'num_cpus', 'num_gpus', 'num_nodes', 'memory', 'runtime'],
  {},
  { memory: 'memory_bytes', runtime: 'runtime_s' },
);

/** Sets that a job uses. */
export function requirementsOf(job: number | undefined): Condition | null {
  if (job === undefined) return null;
  return { sql: 'id IN (SELECT resource_requirements_id FROM job WHERE id = ?)', values: [job] };
}
