import { parseHostList } from '../../slurm/host-list.js';
import type { Partition } from '../cluster.js';
import type { Launch } from '../executor.js';
import type { JobRow } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import type { Alarm } from './alarm.js';
import { demandOf } from './demand.js';
import { isByTask, judge } from './dependencies.js';
import type { Place } from './free-nodes.js';
import type { Grounds, Request } from './grounds.js';
import { isFree, part, takeIds } from './ids.js';
import { endPending, startTask } from './transitions.js';
import {
  parted,
  restOf,
  runningCount,
  setReason,
  setRestReason,
  type Waiting,
  waiting,
} from './waiting-tasks.js';

/** Most tasks of a pending rest that are looked at together. */
const LARGEST_BATCH = 64;

/** The tasks of one job that wait and that nothing keeps but room. */
export class JobQueue {
  private readonly request: Request;
  /** Those whose limits admit it. */
  private readonly partitions: Partition[];
  /** What the throttle leaves. */
  private slots: number;

  constructor(
    private readonly state: PocketState,
    private readonly job: JobRow,
    private readonly grounds: Grounds,
    private readonly now: number,
    private readonly alarm: Alarm,
  ) {
    const { timeLimit, excludedNodes, submission, throttle } = job;
    const wish = { wanted: submission.nodelist, excluded: parseHostList(excludedNodes) };
    this.request = { demand: demandOf(job, state.cluster), wish, timeLimit };
    this.partitions = job.partitions.flatMap((name) =>
      state.cluster.partitions.filter((known) => known.name === name),
    );
    this.slots = throttle === null ? Number.POSITIVE_INFINITY : throttle - runningCount(state, job.id);
  }

  /** Starts those for which there is room. */
  place(): Launch[] {
    const misfit = this.misfit();
    if (isByTask(this.job) && this.job.dependencyState !== 'free') this.partAll();
    return [...this.placeParted(misfit), ...this.placeRest(misfit)];
  }

  /** Why no partition ever takes it as it is. */
  private misfit(): string | null {
    const { timeLimit, demand } = this.request;
    if (this.partitions.every(({ maxTime }) => timeLimit > maxTime)) return 'PartitionTimeLimit';
    if (this.partitions.every(({ nodes }) => nodes.length < demand.nodes)) return 'PartitionNodeLimit';
    return null;
  }

  /** Tasks that depend each on its own partner have no common rest. */
  private partAll(): void {
    for (const task of waiting(this.state, this.job.id)) part(this.state, { ...task, job: this.job.id });
  }

  private placeParted(misfit: string | null): Launch[] {
    return parted(this.state, this.job.id).flatMap((task) => {
      const answer = this.obstacle(task) ?? misfit ?? this.claim();
      if (typeof answer !== 'string') return this.start(task, answer, task.rawId ?? this.job.id);
      if (answer !== ENDED) setReason(this.state, task, answer);
      return [];
    });
  }

  /** What keeps this one task from running. */
  private obstacle(task: Waiting): string | null {
    if (task.held === 1) return 'JobHeldUser';
    const dependency = this.unmetDependency(task);
    if (dependency !== null) return dependency;
    this.alarm.wakeAt(task.beginAt);
    return task.beginAt > this.now ? 'BeginTime' : null;
  }

  private unmetDependency(task: Waiting): string | null {
    if (this.job.dependencyState === 'free' || !isByTask(this.job)) return null;
    const verdict = judge(this.state, this.job, task.index, this.now);
    this.alarm.wakeAt(verdict.dueAt);
    if (verdict.state === 'free') return null;
    if (verdict.state === 'waiting') return 'Dependency';
    const reason = 'DependencyNeverSatisfied';
    if (!this.job.submission.killOnInvalidDependency) return reason;
    endPending(this.state, task.id, { state: 'CANCELLED', reason }, this.now);
    return ENDED;
  }

  private placeRest(misfit: string | null): Launch[] {
    const launches: Launch[] = [];
    // For most jobs that wait there is no room at all: one task tells as much as many.
    for (let batch = 1; ; batch = Math.min(LARGEST_BATCH, batch * 8)) {
      const rest = restOf(this.state, this.job.id, batch + 1);
      if (rest.length === 0) return launches;
      const { places, reason } = this.claimFor(rest.slice(0, batch), misfit);
      launches.push(...this.startRest(rest, places));
      if (reason === null) continue;
      setRestReason(this.state, this.job, reason);
      return launches;
    }
  }

  private claimFor(
    tasks: readonly Waiting[],
    misfit: string | null,
  ): { places: Place[]; reason: string | null } {
    const places: Place[] = [];
    for (const _ of tasks) {
      const answer = misfit ?? this.claim();
      if (typeof answer === 'string') return { places, reason: answer };
      places.push(answer);
    }
    return { places, reason: null };
  }

  /** They part from the rest under ids of their own; the last of an array runs under the array's. */
  private startRest(rest: readonly Waiting[], places: readonly Place[]): Launch[] {
    if (places.length === 0) return [];
    const lastToo = places.length === rest.length && isFree(this.state, this.job.id);
    const fresh = lastToo ? places.length - 1 : places.length;
    const first = fresh === 0 ? 0 : takeIds(this.state, fresh);
    return places.flatMap((place, offset) => {
      const task = rest[offset];
      return task === undefined ? [] : this.start(task, place, offset < fresh ? first + offset : this.job.id);
    });
  }

  private claim(): Place | string {
    if (this.slots <= 0) return 'JobArrayTaskLimit';
    const admitting = this.partitions.filter(({ maxTime }) => this.request.timeLimit <= maxTime);
    const answer = this.grounds.claim(admitting, this.request);
    if (typeof answer !== 'string') this.slots -= 1;
    return answer;
  }

  private start(task: Waiting, place: Place, rawId: number): Launch[] {
    const { cpus, memory, nodes } = place;
    const timeLimit = this.request.timeLimit * (this.job.submission.limitStretch ?? 1);
    const partition = place.partition.name;
    const start = { task: task.id, rawId, partition, nodes, cpus: cpus * nodes.length, memory, timeLimit };
    if (!startTask(this.state, start, this.now)) return [];
    this.alarm.wakeAt(this.now + timeLimit);
    const run = { rawId, restart: task.restarts };
    return [{ run, job: this.job.id, arrayIndex: task.index, partition, nodes, cpus, memory, timeLimit }];
  }
}

/** The task waits no longer: it has ended. */
const ENDED = '';
