import type { JobModel } from '../../wire/jobs.js';
import { hasJobIn } from './completeness.js';
import type { WorkflowDatabase } from './database.js';
import { insertRelated, RELATIONS } from './job-relations.js';
import { SETTLED_STATUSES } from './job-transitions.js';
import { countOpenDependencies } from './open-dependencies.js';
import { OwnedIds } from './owned-ids.js';
import { Refusal } from './refusal.js';

/**
 * Creates jobs of one workflow, which must be there: uninitialized ones, in their first attempt.
 *
 * @returns them as they were asked for, in the same order, with what the server decided
 * @throws Refusal for a job that refers to what the workflow does not have; none is created then
 */
export function createJobs(db: WorkflowDatabase, workflow: number, jobs: readonly JobModel[]): JobModel[] {
  return db.write(() => {
    const owned = new OwnedIds(db, workflow);
    const allOpen = !hasJobIn(db, workflow, SETTLED_STATUSES);
    return jobs.map((job, position) => {
      try {
        return createJob(db, workflow, job, owned, allOpen);
      } catch (error) {
        throw jobs.length === 1 ? error : ofJob(error, job, position);
      }
    });
  });
}

function createJob(
  db: WorkflowDatabase,
  workflow: number,
  model: JobModel,
  owned: OwnedIds,
  allOpen: boolean,
): JobModel {
  const { schedule_compute_nodes: _ignored, ...job } = model;
  const requirements =
    owned.check('resource_requirements', 'resource_requirements_id', job) ?? owned.requirements;
  const scheduler = owned.check('slurm_scheduler', 'scheduler_id', job);
  const handler = owned.check('failure_handler', 'failure_handler_id', job);
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO job (workflow_id, name, command, invocation_script, cancel_on_blocking_job_failure,
         supports_termination, resource_requirements_id, scheduler_id, failure_handler_id, open_dependencies)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...[workflow, job.name, job.command, job.invocation_script ?? null],
      ...[Number(job.cancel_on_blocking_job_failure ?? true), Number(job.supports_termination ?? false)],
      ...[requirements, scheduler, handler, new Set(job.depends_on_job_ids).size],
    );
  const id = Number(lastInsertRowid);
  for (const relation of RELATIONS) {
    const ids = job[relation.field];
    if (ids !== undefined && ids.length > 0) insertRelated(db, relation, workflow, id, ids);
  }
  if (!allOpen && job.depends_on_job_ids !== undefined) countOpenDependencies(db, [id]);
  return {
    ...job,
    ...{ id, status: 'uninitialized', attempt_id: 1 },
    ...{ resource_requirements_id: requirements, scheduler_id: scheduler },
  };
}

function ofJob(error: unknown, { name }: JobModel, position: number): unknown {
  if (!(error instanceof Refusal)) return error;
  const { field, ...rest } = error.detail;
  const detail = { ...rest, ...(field === undefined ? {} : { field: `jobs.${position}.${field}` }) };
  return new Refusal(error.kind, `job ${name}: ${error.message}`, detail);
}
