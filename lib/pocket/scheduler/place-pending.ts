import type { Partition } from '../cluster.js';
import type { Launch } from '../executor.js';
import { type JobRow, pendingJobs } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import type { Alarm } from './alarm.js';
import { type Demand, demandOf } from './demand.js';
import { isByTask, judge } from './dependencies.js';
import { FreeNodes, type Place } from './free-nodes.js';
import { isFree, takeIds } from './ids.js';
import { endPending, startTask } from './transitions.js';

/** A task that waits; `rawId` null in the pending rest of its array. */
interface Waiting {
  id: number;
  index: number | null;
  rawId: number | null;
  held: number;
  beginAt: number;
  restarts: number;
  reason: string;
}

/** Tasks of a pending rest that are looked at together: more than a node has CPUs. */
const BATCH = 64;

/** Starts what there is room for, in order of priority tier and job id, and says of the rest why it waits. */
export function placePending(state: PocketState, now: number, alarm: Alarm): Launch[] {
  const placement = new Placement(state, now, alarm);
  const jobs = pendingJobs(state);
  const tiers = new Map(jobs.map((job) => [job.id, tierOf(state, job)]));
  for (const job of jobs.toSorted((a, b) => (tiers.get(b.id) ?? 0) - (tiers.get(a.id) ?? 0) || a.id - b.id)) {
    placement.job(job);
  }
  return placement.launches;
}

function tierOf({ cluster }: PocketState, { partitions }: JobRow): number {
  const tiers = cluster.partitions.filter(({ name }) => partitions.includes(name));
  return Math.max(0, ...tiers.map(({ priorityTier }) => priorityTier));
}

class Placement {
  readonly launches: Launch[] = [];
  private readonly free: FreeNodes;
  /** Partitions in which a job of higher priority waits for room. */
  private readonly blocked = new Set<string>();

  constructor(
    private readonly state: PocketState,
    private readonly now: number,
    private readonly alarm: Alarm,
  ) {
    this.free = FreeNodes.now(state);
  }

  job(job: JobRow): void {
    if (this.missesDeadline(job)) return;
    const obstacle = this.obstacle(job);
    if (obstacle !== null) {
      if (obstacle.kill) this.killAll(job, obstacle.reason);
      else this.waitAll(job, obstacle.reason);
      return;
    }
    const queue = new JobQueue(this.state, job, this.free, this.blocked, this.now, this.alarm);
    this.launches.push(...queue.place());
  }

  private missesDeadline(job: JobRow): boolean {
    const { deadline } = job.submission;
    if (deadline === null) return false;
    this.alarm.wakeAt(deadline);
    if (deadline > this.now) return false;
    for (const { id } of waiting(this.state, job.id))
      endPending(this.state, id, { state: 'DEADLINE', reason: 'DeadLine' }, this.now);
    return true;
  }

  /** What keeps the whole job from running. */
  private obstacle(job: JobRow): { reason: string; kill: boolean } | null {
    if (job.held) return { reason: 'JobHeldUser', kill: false };
    const dependency = this.dependency(job);
    if (dependency !== null) return dependency;
    if (job.beginAt > this.now) {
      this.alarm.wakeAt(job.beginAt);
      return { reason: 'BeginTime', kill: false };
    }
    return null;
  }

  private dependency(job: JobRow): { reason: string; kill: boolean } | null {
    if (job.dependencyState === 'free' || isByTask(job.dependency)) return null;
    const { state, dueAt } = judge(this.state, job, null, this.now);
    this.alarm.wakeAt(dueAt);
    if (state !== job.dependencyState) {
      this.state
        .sql(
          "UPDATE job SET dependency_state = @state, dependency = CASE @state WHEN 'free' THEN '' ELSE dependency END WHERE id = @id",
        )
        .run({ state, id: job.id });
    }
    if (state === 'free') return null;
    if (state === 'waiting') return { reason: 'Dependency', kill: false };
    return { reason: 'DependencyNeverSatisfied', kill: job.submission.killOnInvalidDependency };
  }

  private killAll(job: JobRow, reason: string): void {
    for (const { id } of waiting(this.state, job.id))
      endPending(this.state, id, { state: 'CANCELLED', reason }, this.now);
  }

  private waitAll(job: JobRow, reason: string): void {
    setRestReason(this.state, job, reason);
    for (const task of parted(this.state, job.id))
      setReason(this.state, task, task.held === 1 ? 'JobHeldUser' : reason);
  }
}

/** The tasks of one job that wait, in the order in which they are to start. */
class JobQueue {
  private readonly demand: Demand;
  private readonly partitions: Partition[];
  private slots: number;

  constructor(
    private readonly state: PocketState,
    private readonly row: JobRow,
    private readonly free: FreeNodes,
    private readonly blocked: Set<string>,
    private readonly now: number,
    private readonly alarm: Alarm,
  ) {
    this.demand = demandOf(row, state.cluster);
    this.partitions = row.partitions.flatMap((name) =>
      state.cluster.partitions.filter((known) => known.name === name),
    );
    this.slots = row.throttle === null ? Number.POSITIVE_INFINITY : row.throttle - running(state, row.id);
  }

  place(): Launch[] {
    const misfit = this.misfit();
    if (misfit !== null) {
      setRestReason(this.state, this.row, misfit);
      for (const task of parted(this.state, this.row.id)) setReason(this.state, task, misfit);
      return [];
    }
    return [...this.placeParted(), ...this.placeRest()];
  }

  /** Limits of the partitions that the job exceeds. */
  private misfit(): string | null {
    if (this.partitions.every(({ maxTime }) => this.row.timeLimit > maxTime)) return 'PartitionTimeLimit';
    if (this.partitions.every(({ nodes }) => nodes.length < this.demand.nodes)) return 'PartitionNodeLimit';
    return null;
  }

  private placeParted(): Launch[] {
    const launches: Launch[] = [];
    for (const task of parted(this.state, this.row.id)) {
      const answer = this.obstacle(task) ?? this.findPlace();
      if (typeof answer === 'string') setReason(this.state, task, answer);
      else if (answer !== null) launches.push(...this.start(task, answer, task.rawId ?? this.row.id));
    }
    return launches;
  }

  /** What keeps this task from running: a reason, or null; dependencies of its own may end it. */
  private obstacle(task: Waiting): string | null {
    if (task.held === 1) return 'JobHeldUser';
    if (task.beginAt > this.now) {
      this.alarm.wakeAt(task.beginAt);
      return 'BeginTime';
    }
    return null;
  }

  private placeRest(): Launch[] {
    const launches: Launch[] = [];
    for (;;) {
      const rest = restOf(this.state, this.row.id, BATCH + 1);
      if (rest.length === 0) return launches;
      const places: { task: Waiting; place: Place }[] = [];
      let reason: string | null = null;
      for (const task of rest.slice(0, BATCH)) {
        const answer = this.findPlace();
        if (typeof answer === 'string') {
          reason = answer;
          break;
        }
        places.push({ task, place: answer });
      }
      const last = places.length === rest.length;
      const first = places.length === 0 ? 0 : takeIds(this.state, places.length);
      for (const [offset, { task, place }] of places.entries()) {
        // The last of an array runs under the array's own id.
        const own = last && offset === places.length - 1 && isFree(this.state, this.row.id);
        launches.push(...this.start(task, place, own ? this.row.id : first + offset));
      }
      if (reason !== null) {
        setRestReason(this.state, this.row, reason);
        return launches;
      }
    }
  }

  /** Room for one task, which is taken then; or why there is none. */
  private findPlace(): Place | string {
    if (this.slots <= 0) return 'JobArrayTaskLimit';
    const { nodelist } = this.row.submission;
    const wish = { wanted: nodelist, excluded: this.row.excludedNodes.split(',') };
    let priority = false;
    for (const partition of this.partitions) {
      if (this.row.timeLimit > partition.maxTime) continue;
      if (this.blocked.has(partition.name)) priority = true;
      const place = this.free.find(partition, this.demand, wish);
      if (place === null) continue;
      this.free.take(place);
      this.slots -= 1;
      return place;
    }
    for (const { name } of this.partitions) this.blocked.add(name);
    return priority ? 'Priority' : 'Resources';
  }

  private start(task: Waiting, place: Place, rawId: number): Launch[] {
    const { cpus, memory, nodes } = place;
    const partition = place.partition.name;
    const { timeLimit } = this.row;
    const began = startTask(
      this.state,
      { task: task.id, rawId, partition, nodes, cpus: cpus * nodes.length, memory, timeLimit },
      this.now,
    );
    if (!began) return [];
    this.alarm.wakeAt(this.now + timeLimit);
    const run = { rawId, restart: task.restarts };
    return [{ run, job: this.row.id, arrayIndex: task.index, partition, nodes, cpus, memory, timeLimit }];
  }
}

const WAITING = `SELECT id, array_index AS "index", raw_id AS rawId, held, begin_at AS beginAt, restarts, reason FROM task
  WHERE state = 'PENDING' AND job = ?`;

/** All tasks of a job that wait. */
function waiting(state: PocketState, job: number): Waiting[] {
  return state.sql<Waiting>(WAITING).all(job);
}

/** Those that have parted from the rest: single jobs, tasks that were requeued, held or judged one by one. */
function parted(state: PocketState, job: number): Waiting[] {
  return state.sql<Waiting>(`${WAITING} AND raw_id IS NOT NULL ORDER BY array_index`).all(job);
}

function restOf(state: PocketState, job: number, limit: number): Waiting[] {
  return state.sql<Waiting>(`${WAITING} AND raw_id IS NULL ORDER BY array_index LIMIT ?`).all(job, limit);
}

function running(state: PocketState, job: number): number {
  const text = "SELECT count(*) AS n FROM task WHERE state = 'RUNNING' AND job = ?";
  return state.sql<{ n: number }>(text).get(job)?.n ?? 0;
}

function setRestReason(state: PocketState, job: JobRow, reason: string): void {
  if (job.reason !== reason) state.sql('UPDATE job SET reason = ? WHERE id = ?').run(reason, job.id);
}

function setReason(state: PocketState, task: Waiting, reason: string): void {
  if (task.reason !== reason) state.sql('UPDATE task SET reason = ? WHERE id = ?').run(reason, task.id);
}
