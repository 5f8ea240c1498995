import { completeJob } from '../../../lib/store/workflows/attempts.js';
import { createJobs } from '../../../lib/store/workflows/create-jobs.js';
import { WorkflowDatabase } from '../../../lib/store/workflows/database.js';
import { initializeJobs } from '../../../lib/store/workflows/initialize.js';
import { JOB } from '../../../lib/store/workflows/jobs.js';
import { createWorkflow } from '../../../lib/store/workflows/workflows.js';
import type { JobStatus } from '../../../lib/wire/job-status.js';
import type { JobModel } from '../../../lib/wire/jobs.js';
import type { ResultModel } from '../../../lib/wire/results.js';

/** A workflow in a database of its own, with one compute node; jobs are named by letters or numbers. */
export class PlainWorkflow {
  readonly db = WorkflowDatabase.open(':memory:');
  readonly id: number;
  readonly node: number;

  constructor() {
    this.id = createWorkflow(this.db, { name: 'w', user: 'u' }, 0).id as number;
    this.node = addNode(this.db, this.id);
  }

  /** Jobs by name, each with the names of what it depends on; a name that ends in `!` runs whatever happened. */
  add(jobs: Readonly<Record<string, string>>): void {
    for (const [name, upstream] of Object.entries(jobs)) {
      const model: JobModel = { workflow_id: this.id, name: name.replace('!', ''), command: 'true' };
      model.depends_on_job_ids = [...upstream].map((other) => this.idOf(other));
      model.cancel_on_blocking_job_failure = !name.endsWith('!');
      createJobs(this.db, this.id, [model]);
    }
  }

  initialize(): number[] {
    return initializeJobs(this.db, this.id, { clearEphemeralUserData: false });
  }

  idOf(name: string): number {
    const row = this.db.prepare('SELECT id FROM job WHERE workflow_id = ? AND name = ?').get(this.id, name);
    if (row === undefined) throw new Error(`no job ${name}`);
    return (row as { id: number }).id;
  }

  report(name: string, status: JobStatus = 'completed'): number[] {
    const id = this.idOf(name);
    const { attempt_id = 1 } = JOB.get(this.db, id) as JobModel;
    return completeJob(this.db, id, 0, status, { ...result(this, id, status), attempt_id }).canceled;
  }

  /** `a:completed b:ready` */
  get states(): string {
    const rows = this.db
      .prepare('SELECT name, status FROM job WHERE workflow_id = ? ORDER BY id')
      .all(this.id);
    return (rows as { name: string; status: string }[])
      .map(({ name, status }) => `${name}:${status}`)
      .join(' ');
  }

  close(): void {
    this.db.close();
  }
}

export function addNode(db: WorkflowDatabase, workflow: number): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO compute_node (workflow_id, hostname, pid, start_time, num_cpus, memory_gb, num_gpus, num_nodes,
         compute_node_type) VALUES (?, 'host', 1, '2026-11-21T10:00:00Z', 8, 16, 0, 1, 'local')`,
    )
    .run(workflow);
  return Number(lastInsertRowid);
}

export function result(workflow: { id: number; node: number }, job: number, status: JobStatus): ResultModel {
  return {
    ...{ job_id: job, workflow_id: workflow.id, run_id: 0, compute_node_id: workflow.node },
    ...{ return_code: status === 'completed' ? 0 : 1, exec_time_minutes: 0.5, status },
    completion_time: '2026-11-21T10:00:00.000Z',
  };
}
