import { type JobStatus, TERMINAL_STATUSES } from '../../wire/job-status.js';
import type { ResultModel } from '../../wire/results.js';
import type { WorkflowDatabase } from './database.js';
import { EVENT } from './events.js';
import { storeInputHash } from './input-hashes.js';
import { requireJob, type StoredJob } from './jobs.js';
import { moveJob, moveJobs, withIds } from './move-jobs.js';
import { missing, Refusal } from './refusal.js';
import { releaseDependents } from './release-dependents.js';
import { RESULT } from './results.js';
import { workflowStatus } from './workflows.js';

/** Who starts jobs. */
export interface Starter {
  run: number;
  /** A compute node record. */
  node: number;
}

/** Says that a claimed job runs. @throws Refusal for a job that is not pending, another run, an unknown node */
export function startJob(db: WorkflowDatabase, id: number, starter: Starter): StoredJob {
  return db.write(() => {
    const job = requireJob(db, id);
    requireStarter(db, job.workflow_id, starter);
    moveJob(db, job, 'start', 'running');
    keepStart(db, id, starter);
    return { ...job, status: 'running' };
  });
}

/** Says that jobs run which have been claimed in the same transaction. */
export function startClaimed(
  db: WorkflowDatabase,
  workflow: number,
  ids: readonly number[],
  starter: Starter,
): void {
  moveJobs(db, workflow, 'start', 'running', withIds(ids));
  for (const id of ids) keepStart(db, id, starter);
}

/** @throws Refusal for another run, an unknown node */
export function requireStarter(db: WorkflowDatabase, workflow: number, { run, node }: Starter): void {
  requireRun(db, workflow, run);
  if (!hasNode(db, workflow, node)) throw missing('Compute node', node);
}

function keepStart(db: WorkflowDatabase, id: number, { node }: Starter): void {
  storeInputHash(db, id);
  db.prepare('UPDATE job SET active_compute_node_id = ? WHERE id = ?').run(node, id);
}

/** A job that has ended, and the ids of the jobs that are canceled for that reason. */
export interface Completion {
  job: StoredJob;
  result: ResultModel;
  canceled: number[];
}

/**
 * Says how an attempt of a job ended. Its result becomes the current one, and what waited for it is released or
 * canceled, in one transaction.
 *
 * @throws Refusal for a job that has ended already, another run, a status that is no end
 */
export function completeJob(
  db: WorkflowDatabase,
  id: number,
  run: number,
  status: JobStatus,
  report: ResultModel,
): Completion {
  return db.write(() => {
    const job = requireJob(db, id);
    if (!(TERMINAL_STATUSES as readonly JobStatus[]).includes(status)) {
      const message = `${status} is no status in which a job ends: ${TERMINAL_STATUSES.join(', ')}`;
      throw new Refusal('invalid', message, { field: 'status', value: status });
    }
    requireRun(db, job.workflow_id, run);
    checkReport(db, job, report);
    moveJob(db, job, 'report', status);
    if (job.status !== 'running') storeInputHash(db, id);
    const result = keepResult(db, { ...report, attempt_id: report.attempt_id ?? job.attempt_id });
    const canceled = status === 'pending_failed' ? [] : releaseDependents(db, job.workflow_id, [id]);
    return { job: { ...job, status }, result, canceled };
  });
}

function checkReport(db: WorkflowDatabase, job: StoredJob, report: ResultModel): void {
  for (const [field, expected] of [
    ['job_id', job.id],
    ['workflow_id', job.workflow_id],
  ] as const) {
    if (report[field] === expected) continue;
    const message = `${field} ${report[field]}: the result is of job ${job.id} of workflow ${job.workflow_id}`;
    throw new Refusal('invalid', message, { field, value: report[field] });
  }
  if (hasNode(db, job.workflow_id, report.compute_node_id)) return;
  const message = `compute_node_id ${report.compute_node_id}: workflow ${job.workflow_id} has no such compute node`;
  throw new Refusal('invalid', message, { field: 'compute_node_id', value: report.compute_node_id });
}

/** A result of the same attempt is one from before the job was reset: it gives way. */
function keepResult(db: WorkflowDatabase, { id: _id, ...result }: ResultModel): ResultModel {
  const { job_id: job, run_id: run, attempt_id: attempt } = result;
  db.prepare('DELETE FROM result WHERE job_id = ? AND run_id = ? AND attempt_id = ?').run(job, run, attempt);
  db.prepare('UPDATE result SET is_current = 0 WHERE job_id = ? AND is_current = 1').run(job);
  return RESULT.insert(db, result, { is_current: 1 });
}

export interface Retry {
  run: number;
  /** Attempts beyond the first that there may be. */
  maxRetries: number;
  /** Where the job has to be running still, if that matters; 0 for no node that is known. */
  node?: number | undefined;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Makes a job that failed ready for another attempt.
 *
 * @throws Refusal for a job that has not failed and does not run, or runs elsewhere, another run, and when there were
 *   retries enough
 */
export function retryJob(db: WorkflowDatabase, id: number, { run, maxRetries, node, now }: Retry): StoredJob {
  return db.write(() => {
    const job = requireJob(db, id);
    requireRun(db, job.workflow_id, run);
    if (node !== undefined) requireRunning(db, job, node);
    if (job.attempt_id > maxRetries) {
      const message = `job ${id} (${job.name}) has had ${job.attempt_id - 1} of ${maxRetries} retries`;
      throw new Refusal('invalid', message, { field: 'max_retries', value: maxRetries });
    }
    moveJob(db, job, 'retry', 'ready');
    db.prepare('UPDATE job SET attempt_id = attempt_id + 1 WHERE id = ?').run(id);
    const data = {
      ...{ category: 'job_retried', job_id: id, job_name: job.name, run_id: run },
      ...{ attempt_id: job.attempt_id + 1, max_retries: maxRetries, previous_status: job.status },
    };
    EVENT.insert(db, { workflow_id: job.workflow_id, timestamp: now, data });
    return requireJob(db, id);
  });
}

/** @throws Refusal for a run that is not the workflow's present one */
export function requireRun(db: WorkflowDatabase, workflow: number, run: number): void {
  const { run_id: current } = workflowStatus(db, workflow);
  if (run === current) return;
  const message = `run_id ${run}: workflow ${workflow} is in run ${current}`;
  throw new Refusal('invalid', message, { field: 'run_id', value: run });
}

/** @param node 0 for no node that is known @throws Refusal for a job that does not run there */
function requireRunning(db: WorkflowDatabase, { id, name }: StoredJob, node: number): void {
  const sql =
    "SELECT 1 FROM job WHERE id = ? AND status = 'running' AND coalesce(active_compute_node_id, 0) = ?";
  if (db.prepare(sql).get(id, node) !== undefined) return;
  const message = `job ${id} (${name}) does not run on compute node ${node}`;
  throw new Refusal('invalid', message, { field: 'compute_node_id', value: node });
}

function hasNode(db: WorkflowDatabase, workflow: number, node: number): boolean {
  const sql = 'SELECT 1 FROM compute_node WHERE id = ? AND workflow_id = ?';
  return db.prepare(sql).get(node, workflow) !== undefined;
}
