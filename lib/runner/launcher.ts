import { type ChildProcess, fork } from 'node:child_process';
import { hasErrno } from '../errors.js';
import type { ProcessEnd } from './return-code.js';
import { RUNNER_VARIABLE } from './runner-identity.js';

/** What is run with `bash -c`. */
export interface Launch {
  command: string;
  /** Beside what the runner has. */
  env: Readonly<Record<string, string>>;
  stdout: string;
  stderr: string;
  /** The runner's own directory by default. */
  cwd?: string;
  /** Whether output goes behind what the files hold. */
  appends?: boolean;
}

export type LaunchOrder = Launch & { id: number };

export type LaunchReport =
  | { kind: 'started'; id: number; pid: number }
  | { kind: 'ended'; id: number; end: ProcessEnd }
  | { kind: 'unstartable'; id: number; message: string };

/** Starts processes by way of a small one that does nothing else. */
export class Launcher {
  // In a session of its own: Ctrl-C is for the runner alone.
  private readonly helper: ChildProcess;
  private readonly processes = new Map<number, LaunchedProcess>();
  private lastId = 0;

  /** @param runner whose processes these are: the helper may still start one when the runner has died */
  constructor(runner: string) {
    const env = { ...process.env, [RUNNER_VARIABLE]: runner };
    this.helper = fork(new URL('./launch-process.js', import.meta.url), {
      detached: true,
      execArgv: [],
      env,
    });
    this.helper.on('message', (report: LaunchReport) => this.take(report));
    this.helper.on('exit', () => this.abandon('the process that starts jobs has died'));
    this.helper.on('error', (error) => this.abandon(error.message));
  }

  start(launch: Launch): LaunchedProcess {
    this.lastId += 1;
    const process = new LaunchedProcess();
    this.processes.set(this.lastId, process);
    this.helper.send({ id: this.lastId, ...launch } satisfies LaunchOrder, (error) => {
      if (error !== null) process.failed(error.message);
    });
    return process;
  }

  /** Processes that still run are left alone. */
  close(): void {
    this.processes.clear();
    if (this.helper.connected) this.helper.disconnect();
  }

  /** Nobody will say any more how they end. */
  private abandon(why: string): void {
    for (const process of this.processes.values()) {
      process.signal('SIGKILL');
      process.failed(why);
    }
    this.processes.clear();
  }

  private take(report: LaunchReport): void {
    const process = this.processes.get(report.id);
    if (process === undefined) return;
    if (report.kind === 'started') process.began(report.pid);
    else this.processes.delete(report.id);
    if (report.kind === 'ended') process.finished(report.end);
    if (report.kind === 'unstartable') process.failed(report.message);
  }
}

/** A process group that a launcher starts. */
export class LaunchedProcess {
  private pid: number | null = null;
  private wanted: NodeJS.Signals | null = null;
  private onBegin: (pid: number) => void = () => {};
  private resolve: (end: ProcessEnd) => void = () => {};
  private reject: (error: Error) => void = () => {};

  /** Rejects when it could not be started. */
  readonly ended = new Promise<ProcessEnd>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor() {
    // Whoever waits is told; that nobody does yet is no reason to end the runner.
    this.ended.catch(() => {});
  }

  /** @param tell is called with the process id once it runs */
  onceBegun(tell: (pid: number) => void): void {
    this.onBegin = tell;
  }

  /** Signals the whole group, as soon as there is one. */
  signal(signal: NodeJS.Signals): void {
    if (this.pid === null) this.wanted = signal;
    else signalGroup(this.pid, signal);
  }

  /** Whether a process of the group is left; its first may have gone before the others. */
  get isAlive(): boolean {
    return this.pid !== null && signalGroup(this.pid, 0);
  }

  began(pid: number): void {
    this.pid = pid;
    this.onBegin(pid);
    if (this.wanted !== null) signalGroup(pid, this.wanted);
  }

  finished(end: ProcessEnd): void {
    this.resolve(end);
  }

  failed(message: string): void {
    this.reject(new Error(message));
  }
}

/** @returns false when there is no such group any more */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    // EPERM: only processes of other users are left, which are no concern of ours.
    if (hasErrno(error, 'ESRCH', 'EPERM')) return false;
    throw error;
  }
}
