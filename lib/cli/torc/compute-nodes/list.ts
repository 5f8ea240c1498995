import { listAll } from '../../../client/all.js';
import { integer } from '../../tree/option.js';
import { command } from '../command.js';
import { NODE_LIST_OPTIONS, pagingOf } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { COMPUTE_NODE } from './kind.js';

export const listComputeNodes = command({
  name: 'list',
  summary: 'List the runners that a workflow has had',
  positionals: WORKFLOW_ID,
  options: {
    ...NODE_LIST_OPTIONS,
    'scheduled-compute-node': integer('Only those of this Slurm allocation'),
  },
  examples: [{ text: 'Who has worked on workflow 1', command: 'torc compute-nodes list 1' }],
  async run({ workflowId: given, scheduledComputeNode, ...values }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const nodes = await listAll(client.computeNodes.list, {
      workflow_id,
      scheduled_compute_node_id: scheduledComputeNode,
      ...pagingOf(values),
    });
    session.showList('compute_nodes', nodes, {
      title: `Compute nodes for workflow ID ${workflow_id}`,
      empty: `No compute nodes found for workflow ID: ${workflow_id}`,
      columns: COMPUTE_NODE.columns,
    });
  },
});
