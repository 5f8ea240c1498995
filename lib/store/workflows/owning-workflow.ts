import type { WorkflowDatabase } from './database.js';

/** Tables of what belongs to a workflow. */
export type OwnedTable =
  | 'job'
  | 'file'
  | 'user_data'
  | 'resource_requirements'
  | 'failure_handler'
  | 'result'
  | 'event'
  | 'compute_node'
  | 'scheduled_compute_node'
  | 'slurm_scheduler'
  | 'local_scheduler';

/** The workflow to which a row of a table belongs. @returns null without such a row */
export function owningWorkflow(db: WorkflowDatabase, table: OwnedTable, id: number): number | null {
  const row = db.prepare(`SELECT workflow_id FROM ${table} WHERE id = ?`).get(id);
  return (row as { workflow_id: number } | undefined)?.workflow_id ?? null;
}
