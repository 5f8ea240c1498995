import type { Clock } from '../clock.js';
import type { Launch, SignalScope } from '../executor.js';
import type { Ending, RunEnd, RunId } from '../job.js';
import { endingNotice } from './notices.js';
import type { Processes } from './processes.js';

/** What the scheduler does to the state, each call a transaction of its own. */
export interface Scheduling {
  runsEnded(ends: readonly RunEnd[]): void;
  pass(): { launches: readonly Launch[]; signals: readonly RunSignal[]; wakeAt: number | null };
}

/** A signal that a run's processes are to be sent; with `ending` it is told in their standard error why. */
export interface RunSignal {
  run: RunId;
  signal: number;
  scope: SignalScope;
  ending: Ending | null;
}

export interface DaemonOptions {
  clock: Clock;
  /** Called once nothing has run and nothing was due for so many milliseconds. */
  linger: number;
  onIdle(): void;
}

/**
 * Milliseconds from the end of one turn to the next: what happens meanwhile is done in one. Short beside the start of
 * a process, long beside a transaction.
 */
const PAUSE = 5;

/** Node's timers take no more; to wake up too early does no harm. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Runs the scheduler when something happened or is due, and passes on to the processes what it decides. */
export class Daemon {
  private turnTimer: NodeJS.Timeout | null = null;
  private turnAt = Number.POSITIVE_INFINITY;
  private lookTimer: NodeJS.Timeout | null = null;
  private idleTimer: NodeJS.Timeout | null = null;
  private lastTurn = 0;
  private wakeAt: number | null = null;
  private stopped = false;

  constructor(
    private readonly scheduling: Scheduling,
    private readonly processes: Processes,
    private readonly options: DaemonOptions,
  ) {}

  /** Nothing runs, and nothing will happen unless somebody does something. */
  get idle(): boolean {
    return this.processes.running === 0 && this.wakeAt === null;
  }

  /** The state has changed. */
  wake(): void {
    this.turnWithin(Math.max(0, this.lastTurn + PAUSE - performance.now()));
  }

  /** What arrives through the FIFO; launcher.pl writes it. */
  hear(lines: readonly string[]): void {
    const ended: string[] = [];
    for (const line of lines) {
      const [word, run = ''] = line.split(' ');
      if (word === 'ended') ended.push(run);
      else if (word === 'unclaimed') this.processes.hearUnclaimed(run);
    }
    this.processes.hearEnds(ended);
    this.wake();
  }

  /** One turn at once. */
  turn(): void {
    const { scheduling, processes } = this;
    const ended = processes.takeEnded();
    if (ended.length > 0) scheduling.runsEnded(ended);
    processes.forgetTaken();
    const { launches, signals, wakeAt } = scheduling.pass();
    processes.launch(launches);
    for (const signal of signals) this.send(signal);
    this.lastTurn = performance.now();
    this.wakeAt = wakeAt;
    this.turnAt = Number.POSITIVE_INFINITY;
    if (wakeAt !== null) {
      const wait = this.options.clock.realMilliseconds(wakeAt - this.options.clock.now());
      this.turnWithin(Math.max(PAUSE, wait));
    }
    if (signals.length > 0) this.look();
    else if (this.lookTimer === null && processes.running > 0) this.lookWithin(processes.lookInterval);
    this.watchIdleness();
  }

  /** No timer of it goes on. */
  stop(): void {
    this.stopped = true;
    for (const timer of [this.turnTimer, this.lookTimer, this.idleTimer])
      if (timer !== null) clearTimeout(timer);
  }

  private send({ run, signal, scope, ending }: RunSignal): void {
    if (ending !== null) {
      const at = this.options.clock.now();
      this.processes.notify(run, ({ nodes }) => endingNotice(run.rawId, nodes[0] ?? '', ending, at));
    }
    this.processes.signal(run, signal, scope);
  }

  private turnWithin(milliseconds: number): void {
    const at = performance.now() + milliseconds;
    if (this.stopped || at >= this.turnAt) return;
    if (this.turnTimer !== null) clearTimeout(this.turnTimer);
    this.turnAt = at;
    this.turnTimer = setTimeout(() => this.turn(), Math.min(Math.ceil(milliseconds), LONGEST_TIMER));
  }

  private look(): void {
    this.lookTimer = null;
    const again = this.processes.look();
    if (this.processes.hasEnded) this.wake();
    if (again !== null) this.lookWithin(again);
  }

  private lookWithin(milliseconds: number): void {
    if (this.stopped) return;
    if (this.lookTimer !== null) clearTimeout(this.lookTimer);
    this.lookTimer = setTimeout(() => this.look(), milliseconds);
  }

  private watchIdleness(): void {
    if (this.idle && this.idleTimer === null && !this.stopped) {
      this.idleTimer = setTimeout(() => this.options.onIdle(), this.options.linger);
    } else if (!this.idle && this.idleTimer !== null) {
      clearTimeout(this.idleTimer);
      this.idleTimer = null;
    }
  }
}
