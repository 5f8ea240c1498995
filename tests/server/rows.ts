import type { WorkflowDatabase } from '../../lib/store/workflows/database.js';

/** A workflow made without the API, for tests of what belongs to one. @returns its id */
export function insertWorkflow(db: WorkflowDatabase, user = 'u'): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO workflow (name, user, timestamp, compute_node_expiration_buffer_seconds,
         compute_node_wait_for_new_jobs_seconds, compute_node_ignore_workflow_completion,
         compute_node_wait_for_healthy_database_minutes, compute_node_min_time_for_new_jobs_seconds, jobs_sort_method)
       VALUES ('w', ?, '', 60, 90, 0, 20, 300, 'none')`,
    )
    .run(user);
  const workflow = Number(lastInsertRowid);
  db.prepare(
    `INSERT INTO resource_requirements (workflow_id, name, num_cpus, num_gpus, num_nodes, memory, runtime, memory_bytes,
       runtime_s)
     VALUES (?, 'default', 1, 0, 1, '1m', 'P0DT1M', 1048576, 60)`,
  ).run(workflow);
  return workflow;
}

/** @returns the job's id */
export function insertJob(db: WorkflowDatabase, workflow: number, name = 'job'): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO job (workflow_id, name, command, resource_requirements_id)
       SELECT workflow_id, ?, 'true', id FROM resource_requirements WHERE workflow_id = ? AND name = 'default'`,
    )
    .run(name, workflow);
  return Number(lastInsertRowid);
}
