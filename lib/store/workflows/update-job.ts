import type { JobModel } from '../../wire/jobs.js';
import type { WorkflowDatabase } from './database.js';
import { DEPENDENCIES, RELATIONS, type Relation, replaceDependencies } from './job-relations.js';
import { getJob, JOB, requireJob } from './jobs.js';
import { moveJob } from './move-jobs.js';
import { countOpenDependencies } from './open-dependencies.js';
import { OwnedIds } from './owned-ids.js';
import { Refusal } from './refusal.js';
import { releaseDependents } from './release-dependents.js';

/** What makes a job another one: it changes only before the job is initialised. */
const DEFINITION = ['name', 'command'] as const;

const INPUTS_AND_OUTPUTS = RELATIONS.filter((relation) => relation !== DEPENDENCIES);

/**
 * Changes a job; what is given as it is already is no change, so that a job that was read can be sent back.
 *
 * @throws Refusal for what may not change, or not in this state
 */
export function updateJob(db: WorkflowDatabase, id: number, model: JobModel): JobModel {
  return db.write(() => {
    const job = requireJob(db, id);
    if (model.workflow_id !== job.workflow_id) throw refusal(id, 'workflow_id', 'never changes');
    const present = getJob(db, id);
    for (const relation of INPUTS_AND_OUTPUTS) {
      if (changes(present, model, relation)) throw refusal(job.id, relation.field, 'never changes');
    }
    const isOpen = job.status === 'uninitialized';
    for (const field of DEFINITION) {
      if (!isOpen && model[field] !== present[field])
        throw refusal(id, field, `cannot change: the job is ${job.status}`);
    }
    const redirected = changes(present, model, DEPENDENCIES);
    if (redirected && !isOpen)
      throw refusal(id, DEPENDENCIES.field, `cannot change: the job is ${job.status}`);
    const { name, command, invocation_script } = model;
    const { cancel_on_blocking_job_failure, supports_termination } = model;
    const owned = new OwnedIds(db, job.workflow_id);
    JOB.update(db, id, {
      ...{ name, command, invocation_script, cancel_on_blocking_job_failure, supports_termination },
      resource_requirements_id:
        owned.check('resource_requirements', 'resource_requirements_id', model) ?? undefined,
      scheduler_id: owned.check('slurm_scheduler', 'scheduler_id', model) ?? undefined,
    });
    if (redirected) redirect(db, job.workflow_id, id, model.depends_on_job_ids ?? []);
    if (model.status !== undefined && model.status !== job.status) disable(db, id, model);
    return getJob(db, id);
  });
}

function changes(present: JobModel, model: JobModel, { field }: Relation): boolean {
  const given = model[field];
  if (given === undefined) return false;
  const before = new Set(present[field]);
  return before.size !== new Set(given).size || given.some((id) => !before.has(id));
}

function redirect(db: WorkflowDatabase, workflow: number, id: number, dependencies: readonly number[]): void {
  replaceDependencies(db, workflow, id, dependencies);
  countOpenDependencies(db, [id]);
}

function disable(db: WorkflowDatabase, id: number, { status }: JobModel): void {
  if (status !== 'disabled') {
    throw new Refusal('invalid', `job ${id}: status can only be set to disabled here, not to ${status}`, {
      field: 'status',
      value: status,
    });
  }
  const job = requireJob(db, id);
  moveJob(db, job, 'disable', 'disabled');
  releaseDependents(db, job.workflow_id, [id]);
}

function refusal(id: number, field: keyof JobModel, why: string): Refusal {
  return new Refusal('invalid', `${field} of job ${id} ${why}`, { field });
}
