import type { ResultModel } from '../wire/results.js';
import type { Client } from './client.js';
import type { NewIds } from './new-ids.js';

/**
 * Stores results of another workflow's runs, as from one compute node that is gone. The workflow's next run counts on
 * from theirs.
 */
export async function importResults(
  client: Client,
  workflow_id: number,
  results: readonly ResultModel[],
  jobs: NewIds,
): Promise<void> {
  const [first] = results;
  if (first === undefined) return;
  const node = await client.computeNodes.create({
    body: {
      ...{ workflow_id, hostname: 'imported', pid: 0, start_time: first.completion_time, is_active: false },
      ...{ num_cpus: 1, memory_gb: 1, num_gpus: 0, num_nodes: 1, compute_node_type: 'local' },
    },
  });
  for (const { id: _id, ...result } of results) {
    const job_id = jobs.get(result.job_id);
    if (job_id === undefined || node.id === undefined) continue;
    await client.results.create({ body: { ...result, workflow_id, job_id, compute_node_id: node.id } });
  }
  const status = await client.workflows.getStatus({ id: workflow_id });
  const run_id = results.reduce((latest, result) => Math.max(latest, result.run_id), 0);
  await client.workflows.putStatus({ id: workflow_id, body: { ...status, run_id } });
}
