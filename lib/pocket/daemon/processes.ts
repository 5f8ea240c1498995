import { appendFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { Clock } from '../clock.js';
import type { Executor, Launch, SignalScope } from '../executor.js';
import type { RunEnd, RunId } from '../job.js';
import type { LaunchedJob } from './job-environment.js';
import type { JobFolders } from './job-files.js';
import { launchOrder, runFiles } from './launch-order.js';
import { MemoryWatch } from './memory-watch.js';
import { batchShell, isOfStep, type ProcessRow, ProcessTable } from './process-table.js';
import type { RunCgroups } from './run-cgroups.js';
import { type EndRecord, type ProcessIdentity, type RunsLog, runName } from './runs-log.js';

/** A run whose end has not been taken yet. */
interface LiveRun {
  name: string;
  launch: Launch;
  /** Null until it is known who supervises it. */
  supervisor: ProcessIdentity | null;
  /** '' for none, or where an earlier daemon knew it. */
  group: string;
  memory: MemoryWatch;
  /** What its processes are still to be sent: they were not there yet. */
  signals: { signal: number; scope: SignalScope }[];
  /** Its standard error says that it is ended. */
  notified: boolean;
}

/** What the processes of this daemon's runs are made with and seen by. */
export interface ProcessSurroundings {
  runs: RunsLog;
  cgroups: RunCgroups;
  jobs: JobFolders;
  clock: Clock;
  readJob(id: number): LaunchedJob;
  order(orders: readonly Buffer[]): void;
  /** The kernel holds runs to their memory; if not, `MemoryWatch` does. */
  limitedByKernel: boolean;
}

const { SIGCONT, SIGKILL, SIGTERM } = constants.signals;

/** How often memory is looked at, milliseconds: where that enforces limits, and where it only measures. */
const LIMIT_INTERVAL = 50;
const MEASURE_INTERVAL = 1000;

/** Runs real processes, each below a supervisor (launcher.pl) that survives this process. */
export class Processes implements Executor {
  private readonly live = new Map<string, LiveRun>();
  private ended: { run: LiveRun; end: RunEnd }[] = [];
  private taken: LiveRun[] = [];

  constructor(private readonly world: ProcessSurroundings) {}

  get running(): number {
    return this.live.size;
  }

  get hasEnded(): boolean {
    return this.ended.length > 0;
  }

  launch(launches: readonly Launch[]): void {
    const jobs = new Map<number, LaunchedJob>();
    const orders: Buffer[] = [];
    for (const launch of launches) {
      if (this.live.has(runName(launch.run))) continue;
      const job = jobs.get(launch.job) ?? this.world.readJob(launch.job);
      jobs.set(launch.job, job);
      const place = {
        log: this.world.runs.expect(runName(launch.run)),
        group: this.world.cgroups.take(launch.memory),
      };
      this.watch(launch, place.group);
      orders.push(launchOrder(job, launch, this.world.jobs.filesOf(job), place));
    }
    if (orders.length > 0) this.world.order(orders);
  }

  /**
   * Takes over the runs that an earlier daemon has begun, launches those that it has not, and ends what the state no
   * longer knows. Only while no other launcher can start anything: see Launcher.start.
   */
  adopt(goingOn: readonly Launch[]): void {
    this.world.runs.read();
    const claimed = new Set(this.world.runs.claimed());
    for (const launch of goingOn) {
      const name = runName(launch.run);
      if (claimed.delete(name)) this.watch(launch, '');
      else this.unwatch(name);
    }
    this.launch(goingOn);
    // Ends that nobody has heard.
    this.hearEnds([...this.live.keys()]);
    for (const name of claimed) if (!this.live.has(name)) this.endStray(name);
  }

  signal(run: RunId, signal: number, scope: SignalScope): void {
    this.live.get(runName(run))?.signals.push({ signal, scope });
  }

  /** Notes that supervisors have written down how their runs ended. */
  hearEnds(names: readonly string[]): void {
    if (names.length === 0) return;
    this.world.runs.read();
    for (const name of names) {
      const run = this.live.get(name);
      const record = run === undefined ? null : this.world.runs.end(name);
      if (run !== undefined && record !== null) this.finish(run, this.endOf(run, record));
    }
  }

  /** Notes that a run could not even be claimed. */
  hearUnclaimed(name: string): void {
    const run = this.live.get(name);
    if (run !== undefined) this.finish(run, { ...this.bareEnd(run), launchFailed: true });
  }

  /**
   * Looks at all processes once: sends what is to be sent, measures memory, finds runs that ended unheard.
   *
   * @returns milliseconds until it should look again; null when there is nothing to look at
   */
  look(): number | null {
    if (this.live.size === 0) return null;
    const begun = performance.now();
    const table = ProcessTable.read();
    this.world.runs.read();
    for (const run of this.live.values()) this.lookAt(run, table);
    if (this.live.size === 0) return null;
    // However many processes there are, a twentieth of one CPU at most.
    return Math.max(this.lookInterval, 20 * (performance.now() - begun));
  }

  /** Milliseconds from one look to the next, as far as what is looked for is concerned. */
  get lookInterval(): number {
    const runs = [...this.live.values()];
    const often = runs.some((run) => run.signals.length > 0 || run.memory.enforces);
    return often ? LIMIT_INTERVAL : MEASURE_INTERVAL;
  }

  takeEnded(): RunEnd[] {
    const ended = this.ended.splice(0);
    this.taken.push(...ended.map(({ run }) => run));
    return ended.map(({ end }) => end);
  }

  /** Removes what is left of the runs that `takeEnded` has returned: their ends are in the state now. */
  forgetTaken(): void {
    const jobs = new Set(this.taken.map((run) => run.launch.job));
    for (const run of this.taken.splice(0)) this.world.runs.forget(run.name);
    for (const { launch } of this.live.values()) jobs.delete(launch.job);
    for (const job of jobs) this.world.jobs.remove(job);
  }

  /** Appends one line to what a run prints on standard error, as slurmstepd does; only the first time. */
  notify(run: RunId, line: (launch: Launch) => string | null): void {
    const live = this.live.get(runName(run));
    if (live === undefined || live.notified) return;
    const text = line(live.launch);
    if (text === null) return;
    live.notified = true;
    const { error, output } = runFiles(this.world.readJob(live.launch.job), live.launch);
    try {
      appendFileSync(error ?? output, `${text}\n`);
    } catch {
      // A full disk, or a folder that is gone: the run ends all the same.
    }
  }

  private watch(launch: Launch, group: string): void {
    const name = runName(launch.run);
    if (this.live.has(name)) return;
    const memory = new MemoryWatch(this.world.limitedByKernel ? null : launch.memory);
    this.live.set(name, { name, launch, supervisor: null, group, memory, signals: [], notified: false });
  }

  /** For a run that nobody has claimed. */
  private unwatch(name: string): void {
    const run = this.live.get(name);
    this.live.delete(name);
    if (run !== undefined) this.world.cgroups.giveBack(run.group, run.launch.memory, true);
  }

  private lookAt(run: LiveRun, table: ProcessTable): void {
    run.supervisor ??= this.world.runs.claim(run.name);
    if (run.supervisor === null) return;
    const record = this.world.runs.end(run.name);
    if (record !== null) {
      this.finish(run, this.endOf(run, record));
      return;
    }
    // One that began after the look at the table is not in it.
    if (!table.lives(run.supervisor)) {
      this.lookAfter(run, run.supervisor);
      return;
    }
    const tree = table.below(run.supervisor.pid);
    if (run.memory.look(tree)) {
      this.world.runs.markOutOfMemory(run.name);
      for (const row of tree) send(row, SIGKILL);
    }
    if (tree.length > 0) this.deliver(run, run.supervisor, tree);
  }

  private lookAfter(run: LiveRun, supervisor: ProcessIdentity): void {
    const table = ProcessTable.read();
    if (table.lives(supervisor)) return;
    this.world.runs.read();
    const record = this.world.runs.end(run.name);
    if (record !== null) {
      this.finish(run, this.endOf(run, record));
      return;
    }
    // Killed from outside. What it leaves could still work: it must not, where the task may be run again.
    for (const row of table.inSession(supervisor.pid)) send(row, SIGKILL);
    this.finish(run, { ...this.bareEnd(run), lost: true });
  }

  private deliver(run: LiveRun, supervisor: ProcessIdentity, tree: readonly ProcessRow[]): void {
    const shell = batchShell(supervisor.pid, tree);
    for (const { signal, scope } of run.signals.splice(0)) {
      const receivers: Record<SignalScope, () => readonly ProcessRow[]> = {
        all: () => tree,
        batch: () => (shell === null ? [] : [shell]),
        steps: () => tree.filter(isOfStep),
      };
      for (const row of receivers[scope]()) {
        send(row, signal);
        // A stopped process would not see it.
        if (signal === SIGTERM && scope === 'all') send(row, SIGCONT);
      }
    }
  }

  private endOf(run: LiveRun, record: EndRecord): RunEnd {
    const sizes = [run.memory.peak, record.largestProcess].filter((size) => size !== null);
    return {
      ...this.bareEnd(run),
      exit: { code: record.code, signal: record.signal },
      outOfMemory: record.outOfMemory,
      maxRss: sizes.length === 0 ? null : Math.max(...sizes),
      launchFailed: record.launchFailed,
      endedAt: this.world.clock.at(record.at),
    };
  }

  private bareEnd(run: LiveRun): RunEnd {
    return {
      run: run.launch.run,
      exit: { code: 0, signal: 0 },
      outOfMemory: false,
      maxRss: run.memory.peak,
      launchFailed: false,
      lost: false,
      endedAt: this.world.clock.now(),
    };
  }

  private finish(run: LiveRun, end: RunEnd): void {
    this.live.delete(run.name);
    this.world.cgroups.giveBack(run.group, run.launch.memory, !end.lost && !end.outOfMemory);
    this.ended.push({ run, end });
  }

  /** A run whose end is in the state, or whose job was forgotten: its lines are left, perhaps its processes. */
  private endStray(name: string): void {
    const supervisor = this.world.runs.claim(name);
    const table = ProcessTable.read();
    if (supervisor !== null && this.world.runs.end(name) === null && table.lives(supervisor))
      for (const row of table.below(supervisor.pid)) send(row, SIGKILL);
    this.world.runs.forget(name);
  }
}

function send({ pid }: ProcessIdentity, signal: number): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already, or it has become another user's.
  }
}
