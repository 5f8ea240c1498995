import { formatIsoDuration } from '../../wire/iso-duration.js';
import type { WorkflowDatabase } from './database.js';

const GIB = 1024 ** 3;

export interface ReadyRequirements {
  num_jobs: number;
  num_cpus: number;
  num_gpus: number;
  memory_gb: number;
  max_num_nodes: number;
  max_runtime: string;
}

/** What all ready jobs of a workflow need together. @param scheduler for which they are; undefined: any and none */
export function readyRequirements(
  db: WorkflowDatabase,
  workflow: number,
  scheduler: number | undefined,
): ReadyRequirements {
  const row = db
    .prepare(
      `SELECT count(*) AS num_jobs, total(num_cpus) AS num_cpus, total(num_gpus) AS num_gpus,
         total(memory_bytes) AS bytes, coalesce(max(num_nodes), 0) AS max_num_nodes,
         coalesce(max(runtime_s), 0) AS runtime
       FROM job CROSS JOIN resource_requirements ON resource_requirements.id = resource_requirements_id
       WHERE job.workflow_id = @workflow AND status = 'ready' AND (@scheduler IS NULL OR scheduler_id = @scheduler)`,
    )
    .get({ workflow, scheduler: scheduler ?? null }) as Record<string, number>;
  const { bytes = 0, runtime = 0, num_jobs = 0, num_cpus = 0, num_gpus = 0, max_num_nodes = 0 } = row;
  const sums = { num_jobs, num_cpus, num_gpus, memory_gb: bytes / GIB, max_num_nodes };
  return { ...sums, max_runtime: formatIsoDuration(runtime) };
}
