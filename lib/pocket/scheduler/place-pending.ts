import type { Launch } from '../executor.js';
import { type JobRow, pendingJobs } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import type { Alarm } from './alarm.js';
import { isByTask, judge } from './dependencies.js';
import { Grounds } from './grounds.js';
import { JobQueue } from './job-queue.js';
import { endPending } from './transitions.js';
import { parted, setReason, setRestReason, waiting } from './waiting-tasks.js';

/** What keeps a whole job from running; `kill`: for ever, and it asked to be cancelled then. */
interface Obstacle {
  reason: string;
  kill: boolean;
}

/** Starts what there is room for, in order of priority tier and job id, and says of the rest why it waits. */
export function placePending(state: PocketState, now: number, alarm: Alarm): Launch[] {
  const grounds = new Grounds(state, now);
  const jobs = pendingJobs(state).map((job) => ({ job, tier: tierOf(state, job) }));
  const launches: Launch[] = [];
  for (const { job } of jobs.toSorted((a, b) => b.tier - a.tier || a.job.id - b.job.id)) {
    const obstacle = obstacleOf(state, job, now, alarm);
    if (obstacle === null && missesDeadline(state, job, now, alarm)) continue;
    if (obstacle === null) launches.push(...new JobQueue(state, job, grounds, now, alarm).place());
    else if (obstacle.kill) endAll(state, job, { state: 'CANCELLED', reason: obstacle.reason }, now);
    else letWait(state, job, obstacle.reason);
  }
  return launches;
}

function tierOf({ cluster }: PocketState, { partitions }: JobRow): number {
  const tiers = cluster.partitions.filter(({ name }) => partitions.includes(name));
  return Math.max(0, ...tiers.map(({ priorityTier }) => priorityTier));
}

/**
 * A job that may run is given up once it could not end in time any more. What waits for its begin, a release or other
 * jobs is not looked at, and what runs has no deadline (measured).
 */
function missesDeadline(state: PocketState, job: JobRow, now: number, alarm: Alarm): boolean {
  const { deadline } = job.submission;
  if (deadline === null) return false;
  const latest = deadline - (Number.isFinite(job.timeLimit) ? job.timeLimit : 0);
  alarm.wakeAt(latest);
  if (latest >= now) return false;
  endAll(state, job, { state: 'DEADLINE', reason: 'DeadLine' }, now);
  return true;
}

function obstacleOf(state: PocketState, job: JobRow, now: number, alarm: Alarm): Obstacle | null {
  if (job.held) return { reason: 'JobHeldUser', kill: false };
  const dependency = unmetDependency(state, job, now, alarm);
  if (dependency !== null) return dependency;
  alarm.wakeAt(job.beginAt);
  return job.beginAt > now ? { reason: 'BeginTime', kill: false } : null;
}

/** Of the job as a whole: tasks that depend each on its own partner are judged one by one. */
function unmetDependency(state: PocketState, job: JobRow, now: number, alarm: Alarm): Obstacle | null {
  if (job.dependencyState === 'free' || isByTask(job)) return null;
  // What has failed stays so, although the job that it was about may run again.
  const { state: verdict, dueAt } =
    job.dependencyState === 'never' ? { state: 'never', dueAt: null } : judge(state, job, null, now);
  alarm.wakeAt(dueAt);
  if (verdict !== job.dependencyState) {
    state
      .sql('UPDATE job SET dependency_state = ?, dependency = ? WHERE id = ?')
      .run(verdict, verdict === 'free' ? '' : job.dependency, job.id);
  }
  if (verdict === 'free') return null;
  if (verdict === 'waiting') return { reason: 'Dependency', kill: false };
  return { reason: 'DependencyNeverSatisfied', kill: job.submission.killOnInvalidDependency };
}

function endAll(state: PocketState, job: JobRow, end: Parameters<typeof endPending>[2], now: number): void {
  for (const { id } of waiting(state, job.id)) endPending(state, id, end, now);
}

function letWait(state: PocketState, job: JobRow, reason: string): void {
  setRestReason(state, job, reason);
  for (const task of parted(state, job.id)) setReason(state, task, task.held === 1 ? 'JobHeldUser' : reason);
}
