import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { AfterokError, hasErrno } from '../errors.js';
import { PACKAGE_ROOT } from '../package-root.js';
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

const DIED = 'the process that starts jobs has died';

const LAUNCHER = `${PACKAGE_ROOT}lib/runner/launcher.pl`;

/** Numbers of the system call setsid on Linux, by node's name of the architecture; elsewhere launcher.pl finds out. */
const SETSID: Partial<Record<string, string>> = {
  x64: '112',
  arm64: '157',
  riscv64: '157',
  ppc64: '66',
  s390x: '66',
};

/** Starts processes by way of launcher.pl, a small one that does nothing else. */
export class Launcher {
  private readonly processes = new Map<string, LaunchedProcess>();
  private lastId = 0;
  private hasEnded = false;
  /** The beginning of a line whose end has not come yet. */
  private part = '';

  private constructor(private readonly helper: ChildProcess) {
    helper.stdout?.setEncoding('utf8').on('data', (text: string) => this.take(text));
    // Not at its exit: what it has said before is still to be read.
    helper.on('close', () => this.abandon());
    // That it does not read any more is told by its end.
    helper.stdin?.on('error', () => {});
  }

  /**
   * @param runner whose processes these are: the helper may still start one when the runner has died
   * @throws AfterokError where there is no Perl
   */
  static async open(runner: string): Promise<Launcher> {
    const setsid = process.platform === 'linux' ? SETSID[process.arch] : undefined;
    const helper = spawn('perl', [LAUNCHER, ...(setsid === undefined ? [] : [setsid])], {
      // In a session of its own: Ctrl-C is for the runner alone.
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, [RUNNER_VARIABLE]: runner },
    });
    try {
      await once(helper, 'spawn');
    } catch (error) {
      if (!hasErrno(error, 'ENOENT')) throw error;
      throw new AfterokError(
        'runner-unusable',
        'perl is not on PATH: a runner starts jobs with it',
        'install perl',
      );
    }
    return new Launcher(helper);
  }

  start(launch: Launch): LaunchedProcess {
    this.lastId += 1;
    const process = new LaunchedProcess();
    const order = orderOf(this.lastId, launch);
    if (order === null) process.failed('a command and its environment hold no NUL');
    else if (this.hasEnded) process.failed(DIED);
    else {
      this.processes.set(String(this.lastId), process);
      this.helper.stdin?.write(order);
    }
    return process;
  }

  /** Processes that still run are left alone. */
  close(): void {
    this.processes.clear();
    this.helper.stdin?.end();
  }

  /** Nobody will say any more how they end. */
  private abandon(): void {
    this.hasEnded = true;
    for (const process of this.processes.values()) {
      process.signal('SIGKILL');
      process.failed(DIED);
    }
    this.processes.clear();
  }

  private take(text: string): void {
    const lines = (this.part + text).split('\n');
    this.part = lines.pop() ?? '';
    for (const line of lines) this.takeReport(line);
  }

  private takeReport(line: string): void {
    const [, id = '', what, rest = ''] = /^(\d+) (\w+) (.*)$/.exec(line) ?? [];
    const process = this.processes.get(id);
    if (process === undefined) return;
    if (what === 'started') process.began(Number(rest));
    else this.processes.delete(id);
    if (what === 'ended') process.finished(Number(rest));
    if (what === 'unstartable') process.failed(rest);
  }
}

/** As launcher.pl reads it; null for what no process can be given. */
function orderOf(id: number, { command, env, stdout, stderr, cwd, appends }: Launch): Buffer | null {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const fields = [String(id), appends ? '>>' : '>', cwd ?? '', stdout, stderr, command, ...variables];
  if (fields.some((field) => field.includes('\0'))) return null;
  const order = Buffer.from(fields.join('\0'));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(order.length);
  return Buffer.concat([length, order]);
}

/** A process group that a launcher starts. */
export class LaunchedProcess {
  private pid: number | null = null;
  private startedAt = 0;
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
    this.startedAt = performance.now();
    this.onBegin(pid);
    if (this.wanted !== null) signalGroup(pid, this.wanted);
  }

  /** @param status as wait(2) has it */
  finished(status: number): void {
    const seconds = (performance.now() - this.startedAt) / 1000;
    const signal = status & 0x7f;
    this.resolve(
      signal === 0 ? { code: status >> 8, signal: null, seconds } : { code: null, signal, seconds },
    );
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
