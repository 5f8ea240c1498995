import type { JobStatus } from '../../wire/job-status.js';
import { countTriggers } from './action-triggers.js';
import type { WorkflowDatabase } from './database.js';
import {
  PHASES,
  type Phase,
  phaseOf,
  statusList,
  TRANSITIONS,
  type TransitionName,
} from './job-transitions.js';
import type { StoredJob } from './jobs.js';
import { Refusal } from './refusal.js';
import { among, type Condition } from './table.js';

export function withIds(ids: readonly number[]): Condition {
  return among('id', ids);
}

/** All jobs of a workflow that fulfil a condition which needs no values. */
export function ofWorkflow(workflow: number, condition = '1'): Condition {
  return { sql: `workflow_id = ? AND ${condition}`, values: [workflow] };
}

/**
 * Moves those jobs of a workflow that are in a state from which the transition leads, and keeps right what counts them:
 * `open_dependencies` of dependents, and `trigger_count` of actions. Dependents are not released by this.
 *
 * @param scope which jobs
 * @returns the ids of those that moved: the others were in no such state, or not there
 */
export function moveJobs(
  db: WorkflowDatabase,
  workflow: number,
  name: TransitionName,
  to: JobStatus,
  scope: Condition,
): number[] {
  const { from, to: targets }: { from: readonly JobStatus[]; to: readonly JobStatus[] } = TRANSITIONS[name];
  if (!targets.includes(to)) throw new RangeError(`${name} leads to ${targets.join(', ')}, not to ${to}`);
  return db.write(() =>
    PHASES.flatMap((phase) => {
      const states = from.filter((status) => status !== to && phaseOf(status) === phase);
      if (states.length === 0) return [];
      const moved = update(db, workflow, to, states, scope);
      if (moved.length > 0) changePhase(db, workflow, moved, phase, phaseOf(to));
      return moved;
    }),
  );
}

/** A runner is left behind with every change of state: only `start` names one. */
function update(
  db: WorkflowDatabase,
  workflow: number,
  to: JobStatus,
  from: readonly JobStatus[],
  scope: Condition,
): number[] {
  // A plus keeps SQLite from walking all jobs of the workflow in these states: the scope knows better.
  const rows = db
    .prepare(
      `UPDATE job SET status = ?, active_compute_node_id = NULL
       WHERE +workflow_id = ? AND +status IN (${statusList(from)}) AND ${scope.sql} RETURNING id`,
    )
    .all(to, workflow, ...scope.values) as { id: number }[];
  return rows.map(({ id }) => id);
}

function changePhase(db: WorkflowDatabase, workflow: number, ids: number[], from: Phase, to: Phase): void {
  if (from === to) return;
  const settled = Number(to === 'settled') - Number(from === 'settled');
  const admitted = Number(to !== 'waiting') - Number(from !== 'waiting');
  if (settled !== 0) {
    countDependencies(db, ids, -settled);
    countTriggers(db, workflow, 'on_jobs_complete', ids, settled);
  }
  if (admitted !== 0) countTriggers(db, workflow, 'on_jobs_ready', ids, admitted);
}

/** Adds to the open dependencies of what depends on these jobs, for each of them. */
function countDependencies(db: WorkflowDatabase, ids: readonly number[], change: number): void {
  const { sql, values } = among('depends_on_job_id', ids);
  db.prepare(
    `UPDATE job SET open_dependencies = open_dependencies + ? * waits.number
     FROM (SELECT job_id, count(*) AS number FROM job_depends_on WHERE ${sql} GROUP BY job_id) AS waits
     WHERE job.id = waits.job_id`,
  ).run(change, ...values);
}

/** Moves one job. @throws Refusal when it is in no state from which the transition leads */
export function moveJob(
  db: WorkflowDatabase,
  { id, name, workflow_id: workflow, status }: StoredJob,
  transition: TransitionName,
  to: JobStatus,
  condition = '1',
): void {
  const moved = moveJobs(db, workflow, transition, to, { sql: `id = ? AND ${condition}`, values: [id] });
  if (moved.length > 0) return;
  const { from }: { from: readonly JobStatus[] } = TRANSITIONS[transition];
  const message = from.includes(status)
    ? `job ${id} (${name}) is ${status}: it cannot become ${to} now`
    : `job ${id} (${name}) is ${status}: only a job that is ${from.join(', ')} becomes ${to} so`;
  throw new Refusal('invalid', message, { field: 'status', value: status });
}
