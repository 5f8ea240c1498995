import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { BASE_PATH } from '../../lib/wire/endpoint.js';
import { stablePort } from '../stable-port.js';

/** A `torc-server run` over a file, which can be killed and comes up again on the same port, over the same file. */
export class KillableServer {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(folder: string): Promise<KillableServer> {
    const server = new KillableServer(folder, await stablePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}${BASE_PATH}`;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const { NODE_OPTIONS: _hooks, ...env } = process.env;
    const argv = ['run', '-p', String(this.port), '--database', join(this.folder, 'server.db')];
    const child = spawn(process.execPath, [`${PACKAGE_ROOT}dist/bin/torc-server.js`, ...argv], {
      cwd: this.folder,
      env: { ...env, HOME: this.folder, XDG_CONFIG_HOME: this.folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.child = child;
    const ready = new Promise<boolean>((resolve) => {
      child.stdout.on('data', (chunk) => String(chunk).includes('TORC_SERVER_PORT=') && resolve(true));
      child.once('exit', () => resolve(false));
    });
    if (!(await ready)) throw new Error(`the server does not start: exit ${child.exitCode}`);
  }

  /** Takes effect at once; resolves when it is gone. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async restart(seconds: number): Promise<void> {
    await this.kill();
    await sleep(seconds * 1000);
    await this.start();
  }
}
