import type { ScheduledComputeNodesModel } from '../../../wire/compute-nodes.js';
import type { RecordKind } from '../record-command.js';

export const SCHEDULED_NODE: RecordKind<ScheduledComputeNodesModel> = {
  noun: 'scheduled compute node',
  group: 'scheduled-compute-nodes',
  columns: [
    ['ID', (node) => node.id],
    ['Slurm Job ID', (node) => node.scheduler_id],
    ['Scheduler Config ID', (node) => node.scheduler_config_id],
    ['Type', (node) => node.scheduler_type],
    ['Status', (node) => node.status],
  ],
  more: [['Workflow ID', (node) => node.workflow_id]],
};
