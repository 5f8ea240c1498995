import { DEFAULT_REQUIREMENTS } from '../../wire/resource-requirements.js';
import type { WorkflowDatabase } from './database.js';

/** One minute and one MiB on one core. */
export function insertDefaultRequirements(db: WorkflowDatabase, workflow: number): void {
  db.prepare(
    `INSERT INTO resource_requirements
       (workflow_id, name, num_cpus, num_gpus, num_nodes, memory, runtime, memory_bytes, runtime_s)
     VALUES (?, '${DEFAULT_REQUIREMENTS}', 1, 0, 1, '1m', 'P0DT1M', 1048576, 60)`,
  ).run(workflow);
}
