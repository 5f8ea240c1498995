import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, connect } from '../../lib/client/client.js';
import { KillableServer } from './killable-server.js';
import { LossyLine } from './lossy-line.js';

/** A server that can be killed, the line that runners reach it by, and a client that always reaches it while it lives. */
export class CrashSite {
  private readonly restarts = new Set<Promise<void>>();

  private constructor(
    readonly folder: string,
    private readonly server: KillableServer,
    readonly line: LossyLine,
    readonly client: Client,
  ) {}

  static async open(folder: string): Promise<CrashSite> {
    mkdirSync(folder, { recursive: true });
    const server = await KillableServer.start(folder);
    return new CrashSite(folder, server, await LossyLine.open(server.port), connect(server.url));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Kills the server at once; it is back after so many seconds and what it needs to start. */
  crash(seconds: number): void {
    this.line.cut();
    const restart = this.server.restart(seconds).then(() => this.line.open());
    this.restarts.add(restart);
    restart.catch(() => {});
  }

  /** Resolves when the server is there, and no restart is under way. @throws Error when it does not start */
  async untilUp(): Promise<void> {
    await Promise.all(this.restarts);
    this.restarts.clear();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.restarts);
    this.client.close();
    this.line.cut();
    await this.server.kill();
  }
}
