import { listAll } from '../../../client/all.js';
import { integer, text } from '../../tree/option.js';
import { command } from '../command.js';
import { NODE_LIST_OPTIONS, pagingOf } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { SCHEDULED_NODE } from './kind.js';

export const listScheduledComputeNodes = command({
  name: 'list',
  summary: 'List the Slurm allocations of a workflow',
  positionals: WORKFLOW_ID,
  options: {
    ...NODE_LIST_OPTIONS,
    'scheduler-id': integer('Only this Slurm job', { value: 'ID' }),
    'scheduler-config-id': integer('Only those of this Slurm scheduler', { value: 'ID' }),
    status: text('Only those that are pending, active or complete', { value: 'STATUS' }),
  },
  examples: [{ text: 'What waits', command: 'torc scheduled-compute-nodes list 1 --status pending' }],
  async run({ workflowId: given, schedulerId, schedulerConfigId, status, ...values }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const nodes = await listAll(client.scheduledComputeNodes.list, {
      ...{ workflow_id, scheduler_id: schedulerId, scheduler_config_id: schedulerConfigId, status },
      ...pagingOf(values),
    });
    session.showList('scheduled_compute_nodes', nodes, {
      title: `Scheduled compute nodes for workflow ID ${workflow_id}`,
      empty: `No scheduled compute nodes found for workflow ID: ${workflow_id}`,
      columns: SCHEDULED_NODE.columns,
    });
  },
});
