import type { RemoteWorkerModel } from '../../wire/remote-workers.js';
import type { WorkflowDatabase } from './database.js';

/** Those that the workflow has already stay as they are. */
export function addRemoteWorkers(db: WorkflowDatabase, workflow: number, workers: readonly string[]): void {
  const insert = db.prepare('INSERT OR IGNORE INTO remote_worker (workflow_id, worker) VALUES (?, ?)');
  db.write(() => {
    for (const worker of workers) insert.run(workflow, worker);
  });
}

/** In the order of their names. */
export function remoteWorkers(db: WorkflowDatabase, workflow: number): RemoteWorkerModel[] {
  const sql = 'SELECT worker, workflow_id FROM remote_worker WHERE workflow_id = ? ORDER BY worker';
  return db.prepare(sql).all(workflow) as RemoteWorkerModel[];
}

/** @returns whether the workflow had it */
export function removeRemoteWorker(db: WorkflowDatabase, workflow: number, worker: string): boolean {
  const sql = 'DELETE FROM remote_worker WHERE workflow_id = ? AND worker = ?';
  return db.prepare(sql).run(workflow, worker).changes > 0;
}
