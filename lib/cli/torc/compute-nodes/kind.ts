import type { ComputeNodeModel } from '../../../wire/compute-nodes.js';
import type { RecordKind } from '../record-command.js';

export const COMPUTE_NODE: RecordKind<ComputeNodeModel> = {
  noun: 'compute node',
  group: 'compute-nodes',
  columns: [
    ['ID', (node) => node.id],
    ['Hostname', (node) => node.hostname],
    ['PID', (node) => node.pid],
    ['Type', (node) => node.compute_node_type],
    ['Active', (node) => node.is_active ?? false],
    ['CPUs', (node) => node.num_cpus],
    ['Memory (GB)', (node) => node.memory_gb.toFixed(1)],
    ['GPUs', (node) => node.num_gpus],
    ['Start Time', (node) => node.start_time],
    ['Duration (s)', (node) => node.duration_seconds?.toFixed(1)],
  ],
  more: [
    ['Nodes', (node) => node.num_nodes],
    ['Time Limit', (node) => node.time_limit],
    ['Scheduler', (node) => (node.scheduler === undefined ? undefined : JSON.stringify(node.scheduler))],
    ['Workflow ID', (node) => node.workflow_id],
  ],
};
