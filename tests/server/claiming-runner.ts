import { connect } from '../../lib/client/client.js';
import type { JobModel } from '../../lib/wire/jobs.js';

/**
 * A runner that runs nothing: claims jobs, says that they run and that they are completed, until the workflow is
 * complete. Prints the ids of the jobs that it was given.
 *
 * Arguments: URL, workflow, compute node, how many jobs it claims at once, `next` or `resources`.
 */
const [, , url = '', workflowText, nodeText, limitText, how] = process.argv;
const workflow = Number(workflowText);
const node = Number(nodeText);
const limit = Number(limitText);
const client = connect(url);
const resources = { num_cpus: limit, memory_gb: 64, num_gpus: 0, num_nodes: 1 };

async function claim(): Promise<JobModel[]> {
  const answer =
    how === 'next'
      ? await client.workflows.claimNext({ id: workflow, limit })
      : await client.workflows.claimByResources({ id: workflow, limit, body: resources });
  return answer.jobs ?? [];
}

async function carryOut(id: number): Promise<void> {
  await client.jobs.start({ id, run_id: 0, compute_node_id: node });
  const body = {
    ...{ job_id: id, workflow_id: workflow, run_id: 0, compute_node_id: node, return_code: 0 },
    ...{ exec_time_minutes: 0, completion_time: new Date().toISOString(), status: 'completed' as const },
  };
  await client.jobs.complete({ id, status: 'completed', run_id: 0, body });
}

const mine: number[] = [];
while (!(await client.workflows.isComplete({ id: workflow })).is_complete) {
  for (const { id } of await claim()) {
    mine.push(id as number);
    await carryOut(id as number);
  }
}
client.close();
console.log(JSON.stringify(mine));
