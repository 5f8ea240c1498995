import { listAll } from '../../../client/all.js';
import { integer, required } from '../../tree/option.js';
import { command } from '../command.js';

export const listJobsOfScheduledNode = command({
  name: 'list-jobs',
  summary: 'List the jobs that ran in a Slurm allocation',
  positionals: { id: required(integer('The scheduled compute node')) },
  examples: [{ text: 'Of allocation 2', command: 'torc scheduled-compute-nodes list-jobs 2' }],
  async run({ id }, session) {
    const client = await session.client();
    const { workflow_id } = await client.scheduledComputeNodes.get({ id });
    const nodes = await listAll(client.computeNodes.list, { workflow_id, scheduled_compute_node_id: id });
    const lists = await Promise.all(
      nodes.map((node) =>
        listAll(client.results.list, { workflow_id, compute_node_id: node.id, all_runs: true }),
      ),
    );
    const job_ids = [...new Set(lists.flat().map((result) => result.job_id))].sort((a, b) => a - b);
    const answer = {
      scheduled_compute_node_id: id,
      ...{ workflow_id, compute_node_count: nodes.length, job_ids },
    };
    session.show(answer, () =>
      job_ids.length === 0 ? `No jobs ran in scheduled compute node ${id}\n` : `${job_ids.join('\n')}\n`,
    );
  },
});
