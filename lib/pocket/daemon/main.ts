import { truncateSync } from 'node:fs';
import { resolve } from 'node:path';
import { pass } from '../scheduler/pass.js';
import { recover } from '../scheduler/recover.js';
import { runEnded } from '../scheduler/run-ended.js';
import { endingOf, readLaunchedJob } from '../state/launched-job.js';
import { PocketState } from '../state/state.js';
import { removeCgroup, runsCgroup } from './cgroup.js';
import { Daemon, type Scheduling } from './daemon.js';
import { daemonFolder, makeDaemonFolders } from './folder.js';
import { JobFolders } from './job-files.js';
import { Launcher } from './launcher.js';
import { Processes } from './processes.js';
import { RunCgroups } from './run-cgroups.js';
import { RunsLog } from './runs-log.js';
import { WakeFifo } from './wake-fifo.js';

/** Milliseconds without anything to do after which the daemon ends. */
const LINGER = 2000;

/**
 * The background process of one state folder. launcher.pl starts it with the lock that makes it the only one, and it
 * ends by itself. Killed at any moment, it loses nothing: see README.md.
 */
export async function runDaemon(path: string): Promise<void> {
  const folder = daemonFolder(resolve(path));
  makeDaemonFolders(folder);
  const state = await PocketState.open({ ...process.env, AFTEROK_POCKET_STATE: folder.folder });
  const body = new DaemonProcess(state, folder);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void body.leave());
  process.on('uncaughtException', (error) => body.abandon(error));
  try {
    await body.start();
  } catch (error) {
    body.abandon(error);
  }
}

/** The daemon with what it holds of the machine: lock, FIFO, launcher, state. */
class DaemonProcess {
  private launcher: Launcher | null = null;
  private readonly fifo: WakeFifo;
  private readonly runs: RunsLog;
  private readonly processes: Processes;
  private readonly daemon: Daemon;
  private readonly cgroup: string | null;

  constructor(
    private readonly state: PocketState,
    private readonly folder: ReturnType<typeof daemonFolder>,
  ) {
    const { AFTEROK_POCKET_LINGER: linger, AFTEROK_POCKET_MEMORY: memory } = process.env;
    this.cgroup = memory === 'poll' ? null : runsCgroup(folder.folder);
    this.runs = new RunsLog(folder.runs);
    this.processes = new Processes({
      runs: this.runs,
      cgroups: new RunCgroups(this.cgroup),
      jobs: new JobFolders(folder.jobs, {
        cluster: state.cluster.name,
        folder: folder.folder,
        timeScale: state.timeScale,
      }),
      clock: state.clock,
      readJob: (id) => readLaunchedJob(state, id),
      order: (orders) => this.launcher?.order(orders),
      limitedByKernel: this.cgroup !== null,
    });
    this.daemon = new Daemon(scheduling(state), this.processes, {
      clock: state.clock,
      linger: linger === undefined ? LINGER : Number(linger) * 1000,
      onIdle: () => void this.leaveIfIdle(),
    });
    this.fifo = new WakeFifo(folder.wake, (lines) => this.hear(lines));
  }

  async start(): Promise<void> {
    this.fifo.open();
    await this.startLauncher();
  }

  /** Ends orderly; runs go on. */
  async leave(): Promise<void> {
    this.daemon.stop();
    await this.fifo.close();
    this.exit(0);
  }

  /** Something cannot be: no endless restarts, the next command tries again. */
  abandon(error: unknown): void {
    process.stderr.write(`${new Date().toISOString()} ${error instanceof Error ? error.stack : error}\n`);
    this.exit(1);
  }

  private async startLauncher(): Promise<void> {
    this.launcher = await Launcher.start(this.folder.folder);
    this.launcher.onExit(() => void this.startLauncher().catch((error) => this.abandon(error)));
    this.processes.adopt(recover(this.state));
    this.daemon.wake();
  }

  private hear(lines: readonly string[]): void {
    if (lines.includes('stop')) void this.leave();
    else this.daemon.hear(lines);
  }

  /** Whoever changes the state now finds no reader and starts another daemon; what was changed before is seen here. */
  private async leaveIfIdle(): Promise<void> {
    await this.fifo.close();
    this.daemon.turn();
    if (this.daemon.idle) {
      truncateSync(this.folder.lock);
      return this.leave();
    }
    this.fifo.open();
    this.daemon.wake();
  }

  private exit(code: number): void {
    this.launcher?.leave();
    // Without a launcher nobody has said yet which runs of an earlier daemon go on.
    if (this.launcher !== null) this.runs.close();
    // Groups of runs that have still to begin are empty as well.
    if (this.cgroup !== null && this.processes.running === 0) removeCgroup(this.cgroup);
    this.state.close();
    process.exitCode = code;
    // The launcher has to read its last order first.
    setTimeout(() => process.exit(code), 50);
  }
}

function scheduling(state: PocketState): Scheduling {
  return {
    runsEnded: (ends) =>
      state.write(() => {
        for (const end of ends) runEnded(state, end);
      }),
    pass: () => {
      const { launches, signals, wakeAt } = pass(state, state.clock.now());
      const told = signals.map((signal) => ({ ...signal, ending: endingOf(state, signal.run) }));
      return { launches, signals: told, wakeAt };
    },
  };
}
