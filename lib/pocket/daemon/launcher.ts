import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { LEAVE } from './launch-order.js';
import { DAEMON_ENTRY, LAUNCHER } from './wake.js';

/** The launcher process: takes orders for as long as both live. */
export class Launcher {
  private constructor(private readonly child: ChildProcess) {}

  /**
   * Resolves when no earlier launcher can start anything any more, so that what has not been claimed then never will be
   * unless it is ordered again.
   *
   * @throws when the launcher ends before it is ready
   */
  static async start(folder: string): Promise<Launcher> {
    const args = [LAUNCHER, 'serve', folder, process.execPath, DAEMON_ENTRY, process.arch];
    const child = spawn('perl', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    // Orders that it did not read are given to its successor.
    child.stdin.on('error', () => undefined);
    const ready = once(child.stdout, 'data');
    const [outcome] = await Promise.race([ready, once(child, 'exit')]);
    if (!(outcome instanceof Buffer)) throw new Error(`the launcher ended with ${outcome}`);
    return new Launcher(child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  order(orders: readonly Buffer[]): void {
    this.child.stdin?.write(Buffer.concat(orders));
  }

  /** Calls when the process has ended, whoever ended it. */
  onExit(listener: () => void): void {
    if (this.child.exitCode !== null || this.child.signalCode !== null) setImmediate(listener);
    else this.child.once('exit', listener);
  }

  /** Lets it end after the orders that it has. */
  leave(): void {
    this.child.removeAllListeners('exit');
    this.child.stdin?.end(LEAVE);
  }
}
