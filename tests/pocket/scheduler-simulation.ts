import type { Clock } from '../../lib/pocket/clock.js';
import type { Cluster } from '../../lib/pocket/cluster.js';
import { DEFAULT_CLUSTER_FILE, readClusterFile } from '../../lib/pocket/cluster-file.js';
import type { Launch } from '../../lib/pocket/executor.js';
import type { JobRequest, RunEnd, Submission } from '../../lib/pocket/job.js';
import { pass } from '../../lib/pocket/scheduler/pass.js';
import { runEnded } from '../../lib/pocket/scheduler/run-ended.js';
import type { SignalOrder } from '../../lib/pocket/scheduler/signals.js';
import { submitJob } from '../../lib/pocket/scheduler/submit.js';
import { type TaskRow, type TaskTarget, tasks } from '../../lib/pocket/state/queries.js';
import { PocketState } from '../../lib/pocket/state/state.js';
import { compress } from '../../lib/slurm/array-cover.js';
import { PLAIN_SUBMISSION } from './plain-submission.js';

export const DEFAULT_CLUSTER = readClusterFile(DEFAULT_CLUSTER_FILE);

/** All tasks of a job. */
export const whole = (job: number): TaskTarget => ({ job, index: null });

/** How a run goes: seconds that it takes, and how it ends if nothing else ends it first. */
export interface Course {
  seconds: number;
  end?: Partial<RunEnd>;
  /** Whether it takes no notice of TERM. */
  stubborn?: boolean;
}

type Wish = Omit<Partial<JobRequest>, 'submission'> & { submission?: Partial<Submission> };

/** A request for a job of one CPU that sbatch would make without options. */
export function request(wish: Wish = {}): JobRequest {
  const { submission, ...rest } = wish;
  return {
    name: 'job',
    user: 'someone',
    script: Buffer.from('#!/bin/sh\n'),
    environment: Buffer.from(''),
    partitions: ['day'],
    comment: '',
    held: false,
    beginAt: 0,
    dependency: '',
    excludedNodes: [],
    timeLimit: 60,
    memoryPerNode: null,
    memoryPerCpu: null,
    indices: null,
    throttle: null,
    ...rest,
    submission: {
      ...PLAIN_SUBMISSION,
      uid: 1000,
      gid: 1000,
      array: wish.indices === undefined || wish.indices === null ? null : compress(wish.indices),
      ...submission,
    },
  };
}

interface Going {
  launch: Launch;
  course: Course;
  endsAt: number;
}

/** The scheduler with a clock of its own and runs that go as they are told; no processes. */
export class Simulation implements Clock {
  readonly state: PocketState;
  time = 1_000_000;
  readonly launched: Launch[] = [];
  readonly signals: SignalOrder[] = [];
  readonly going = new Map<string, Going>();
  /** How runs go. */
  course: (launch: Launch) => Course = () => ({ seconds: 10 });
  private wakeAt: number | null = null;

  constructor(cluster: Cluster = DEFAULT_CLUSTER) {
    this.state = PocketState.inMemory(cluster, this);
  }

  now(): number {
    return this.time;
  }

  at(): number {
    return this.time;
  }

  realMilliseconds(): number {
    return 0;
  }

  submit(wish: Wish = {}): number {
    return submitJob(this.state, request(wish), this.time);
  }

  /** Lets the scheduler look, and starts and signals what it says. */
  look(): void {
    const { launches, signals, wakeAt } = pass(this.state, this.time);
    this.wakeAt = wakeAt;
    for (const launch of launches) {
      const course = this.course(launch);
      this.launched.push(launch);
      this.going.set(key(launch.run), { launch, course, endsAt: this.time + course.seconds });
    }
    this.signals.push(...signals);
    for (const { run, signal } of signals) {
      const going = this.going.get(key(run));
      if (going === undefined || (signal !== 9 && (signal !== 15 || going.course.stubborn))) continue;
      going.course = { seconds: 0, end: { exit: { code: 0, signal } } };
      going.endsAt = this.time;
    }
  }

  /** One step in time: to the next moment at which something happens. False when nothing ever will. */
  step(until = Number.POSITIVE_INFINITY): boolean {
    this.look();
    const ends = [...this.going.values()].map(({ endsAt }) => endsAt);
    const next = Math.min(...ends, this.wakeAt ?? Number.POSITIVE_INFINITY);
    if (next > until || next === Number.POSITIVE_INFINITY) return false;
    this.time = Math.max(this.time, next);
    for (const { launch, course, endsAt } of [...this.going.values()]) {
      if (endsAt <= this.time) this.end(launch, course.end ?? {});
    }
    return true;
  }

  /** Everything that happens in so many seconds, or until nothing is left to happen. */
  run(seconds = Number.POSITIVE_INFINITY): void {
    const until = this.time + seconds;
    while (this.step(until));
    if (seconds !== Number.POSITIVE_INFINITY) this.time = until;
    this.look();
  }

  private end({ run }: Launch, end: Partial<RunEnd>): void {
    this.going.delete(key(run));
    runEnded(this.state, {
      run,
      exit: { code: 0, signal: 0 },
      outOfMemory: false,
      maxRss: null,
      launchFailed: false,
      lost: false,
      endedAt: this.time,
      ...end,
    });
  }

  tasks(...targets: TaskTarget[]): TaskRow[] {
    return tasks(this.state, 'accounting', targets.length === 0 ? {} : { targets }, this.time);
  }

  task(job: number, index: number | null = null): TaskRow {
    const [row] = this.tasks({ job, index });
    if (row === undefined) throw new Error(`no task ${job}_${index}`);
    return row;
  }

  /** State of each task of a job, with the reason of those that wait. */
  states(job: number): string[] {
    return this.tasks({ job, index: null }).map(({ state, reason }) =>
      state === 'PENDING' ? `${state} ${reason}` : state,
    );
  }
}

function key({ rawId, restart }: Launch['run']): string {
  return `${rawId}.${restart}`;
}
