import type { JobModel } from '../../wire/jobs.js';
import { DEFAULT_REQUIREMENTS } from '../../wire/resource-requirements.js';
import type { WorkflowDatabase } from './database.js';
import { Refusal } from './refusal.js';

type Owner = 'resource_requirements' | 'slurm_scheduler' | 'failure_handler';

/** Which ids of other tables belong to a workflow; looked up once for many jobs. */
export class OwnedIds {
  private readonly known = new Map<string, boolean>();
  private defaults: number | undefined;

  constructor(
    private readonly db: WorkflowDatabase,
    private readonly workflow: number,
  ) {}

  /** @returns the id in that field of a job, null for none @throws Refusal for one that the workflow does not have */
  check(
    table: Owner,
    field: 'resource_requirements_id' | 'scheduler_id' | 'failure_handler_id',
    job: JobModel,
  ): number | null {
    const id = job[field] ?? null;
    if (id === null || this.has(table, id)) return id;
    const message = `${field} ${id}: workflow ${this.workflow} has no such ${table.replaceAll('_', ' ')}`;
    throw new Refusal('invalid', message, { field, value: id });
  }

  /** The workflow's default ones. @throws Refusal when they were deleted */
  get requirements(): number {
    this.defaults ??= this.findDefaults();
    return this.defaults;
  }

  private findDefaults(): number {
    const sql = 'SELECT id FROM resource_requirements WHERE workflow_id = ? AND name = ?';
    const row = this.db.prepare(sql).get(this.workflow, DEFAULT_REQUIREMENTS) as { id: number } | undefined;
    if (row !== undefined) return row.id;
    const message = `workflow ${this.workflow} has no ${DEFAULT_REQUIREMENTS} resource requirements any more: name others`;
    throw new Refusal('invalid', message, { field: 'resource_requirements_id' });
  }

  private has(table: Owner, id: number): boolean {
    const key = `${table} ${id}`;
    let found = this.known.get(key);
    if (found === undefined) {
      const sql = `SELECT 1 FROM ${table} WHERE id = ? AND workflow_id = ?`;
      found = this.db.prepare(sql).get(id, this.workflow) !== undefined;
      this.known.set(key, found);
    }
    return found;
  }
}
