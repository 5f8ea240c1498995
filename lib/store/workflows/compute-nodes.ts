import type { ComputeNodeModel, ScheduledComputeNodesModel } from '../../wire/compute-nodes.js';
import type { WorkflowDatabase } from './database.js';
import { Table } from './table.js';

export const COMPUTE_NODE = new Table<ComputeNodeModel>(
  'compute_node',
  [
    'workflow_id',
    'hostname',
    'pid',
    'start_time',
    'duration_seconds',
    'is_active',
    'num_cpus',
    'memory_gb',
    'num_gpus',
    'num_nodes',
    'time_limit',
    'scheduler_config_id',
    'compute_node_type',
    'scheduler',
  ],
  { is_active: 'boolean', scheduler: 'json' },
);

export const SCHEDULED_COMPUTE_NODE = new Table<ScheduledComputeNodesModel>('scheduled_compute_node', [
  'workflow_id',
  'scheduler_id',
  'scheduler_config_id',
  'scheduler_type',
  'status',
]);

/** The runner that came last to a workflow. @returns null while there is none */
export function latestComputeNode(db: WorkflowDatabase, workflow: number): number | null {
  const sql = 'SELECT id FROM compute_node WHERE workflow_id = ? ORDER BY id DESC LIMIT 1';
  return (db.prepare(sql).get(workflow) as { id: number } | undefined)?.id ?? null;
}
