import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';
import { PACKAGE_ROOT } from '../../../lib/package-root.js';
import { BASE_PATH } from '../../../lib/wire/endpoint.js';
import { type Finished, run } from '../../program.js';

const TORC_SERVER_PROGRAM = `${PACKAGE_ROOT}dist/bin/torc-server.js`;

/** An environment in which nothing of this machine's Torc is set. */
function plainEnv(home: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: home, USER: 'ann', ...more };
}

/** torc-server as a process of its own, in the foreground; it is ended with the test. */
export class ServerProcess {
  stdout = '';
  stderr = '';
  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
  }

  /** Starts one and waits for its first line. */
  static async start(
    t: Test,
    folder: string,
    words: readonly string[],
    more: NodeJS.ProcessEnv = {},
  ): Promise<ServerProcess & { port: number }> {
    const env = plainEnv(folder, more);
    const child = spawn(process.execPath, [TORC_SERVER_PROGRAM, ...words], { cwd: folder, env });
    t.teardown(() => child.kill('SIGKILL'));
    const server = new ServerProcess(child);
    const ended = once(child, 'close').then(() => {
      throw new Error(`torc-server ended: ${server.stderr}`);
    });
    ended.catch(() => {});
    while (!server.stdout.includes('\n')) await Promise.race([once(child.stdout ?? child, 'data'), ended]);
    const port = Number(/^TORC_SERVER_PORT=(\d+)\n/.exec(server.stdout)?.[1]);
    return Object.assign(server, { port });
  }

  /** @returns the exit code, or the signal that ended it */
  async stop(signal: NodeJS.Signals): Promise<number | string | null> {
    if (this.child.exitCode !== null) throw new Error(`torc-server has ended: ${this.stderr}`);
    const closed = once(this.child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    this.child.kill(signal);
    const [code, by] = await closed;
    return code ?? by;
  }
}

/** Runs torc-server to its end. */
export function torcServerRun(folder: string, words: readonly string[]): Promise<Finished> {
  return run([process.execPath, TORC_SERVER_PROGRAM, ...words], { cwd: folder, env: plainEnv(folder) });
}

/** Asks a server of this machine whether it is there. */
export function ping(port: number): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${BASE_PATH}/ping`);
}
