import type { JobRequest } from '../job.js';
import type { PocketState } from '../state/state.js';
import { settleDependency } from './dependencies.js';
import { takeIds } from './ids.js';
import { checkRequest } from './validate.js';

/**
 * Queues a job; the scheduler looks at it at its next pass.
 *
 * @returns the job's id, of an array that of the whole
 * @throws Refusal in Slurm's words, and nothing is queued
 */
export function submitJob(state: PocketState, request: JobRequest, now: number): number {
  return state.write(() => {
    checkRequest(state, request, now);
    const dependency = settleDependency(state, request.dependency, now);
    const id = takeIds(state);
    insertJob(state, id, { ...request, dependency }, now);
    insertTasks(state, id, request);
    return id;
  });
}

function insertJob(state: PocketState, id: number, request: JobRequest, now: number): void {
  state
    .sql(
      `INSERT INTO job (id, name, user, submission, script, environment, submitted_at, partitions, comment, held,
        begin_at, dependency, dependency_state, dependency_set_at, excluded_nodes, time_limit, memory_per_node,
        memory_per_cpu, throttle, reason)
       VALUES (@id, @name, @user, @submission, @script, @environment, @now, @partitions, @comment, @held,
        @beginAt, @dependency, @dependencyState, @now, @excludedNodes, @timeLimit, @memoryPerNode,
        @memoryPerCpu, @throttle, 'None')`,
    )
    .run({
      id,
      now,
      name: request.name,
      user: request.user,
      submission: JSON.stringify(request.submission),
      script: request.script,
      environment: request.environment,
      partitions: request.partitions.join(','),
      comment: request.comment,
      held: request.held ? 1 : 0,
      beginAt: request.beginAt,
      dependency: request.dependency,
      dependencyState: request.dependency === '' ? 'free' : 'waiting',
      excludedNodes: request.excludedNodes.join(','),
      timeLimit: request.timeLimit === Number.POSITIVE_INFINITY ? null : request.timeLimit,
      memoryPerNode: request.memoryPerNode,
      memoryPerCpu: request.memoryPerCpu,
      throttle: request.throttle,
    });
}

/** A single job runs under its own id, an array's tasks get theirs when they part from the pending rest. */
function insertTasks(state: PocketState, id: number, { indices }: JobRequest): void {
  if (indices === null) {
    state
      .sql("INSERT INTO task (job, array_index, raw_id, state) VALUES (?, NULL, ?, 'PENDING')")
      .run(id, id);
    return;
  }
  state
    .sql("INSERT INTO task (job, array_index, state) SELECT ?, value, 'PENDING' FROM json_each(?)")
    .run(id, JSON.stringify(indices));
}

/**
 * `sbatch --test-only`: whether the job would be accepted. Uses up an id, as in Slurm.
 *
 * @returns `Job 7 to start at 2026-01-01T00:00:00 using 1 processors on nodes d1 in partition devel`
 * @throws Refusal
 */
export function testJob(state: PocketState, request: JobRequest, now: number): string {
  return state.write(() => {
    // Also of a job that would be held: it is asked where it could run.
    const { partition, nodes, cpus } = checkRequest(state, { ...request, held: false }, now);
    const id = takeIds(state);
    const start = localTime(Math.max(now, request.beginAt));
    return `Job ${id} to start at ${start} using ${cpus} processors on nodes ${nodes} in partition ${partition}`;
  });
}

function localTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
