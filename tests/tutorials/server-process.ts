import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Test } from 'tap';

/** The server ends with the pipe, even when the test was killed. */
const RUN = 'torc-server run -p 0 & read -r; kill $!; wait $!';

const PORT = /^TORC_SERVER_PORT=(\d+)$/;

/** Runs `torc-server run` until the test ends, on a port that is free. @returns its port */
export async function startServer(t: Test, cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const server = spawn('bash', ['-c', RUN], { cwd, env });
  let log = '';
  server.stderr.on('data', (chunk) => {
    log += chunk;
  });
  t.teardown(() => stop(server));
  for await (const line of createInterface(server.stdout)) {
    const port = PORT.exec(line)?.[1];
    if (port === undefined) continue;
    // Closing the lines has paused what they are made of.
    setImmediate(() => server.stdout.resume());
    return Number(port);
  }
  throw new Error(`torc-server did not start: ${log}`);
}

async function stop(server: ChildProcessWithoutNullStreams): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = once(server, 'close');
  server.stdin.end();
  await ended;
}
