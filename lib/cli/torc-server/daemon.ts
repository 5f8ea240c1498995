import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Set for the process in the background, which does the work. */
const MARK = 'AFTEROK_SERVER_DAEMON';

/** What the daemon tells the process that started it. */
interface Ready {
  port: number;
}

/** Whether we are the process in the background. */
export function isDaemon(env: NodeJS.ProcessEnv): boolean {
  return env[MARK] === '1' && process.send !== undefined;
}

/** Tells whoever started us that we answer requests; it does not wait any longer then. */
export function reportReady(ready: Ready): void {
  process.send?.(ready, () => {
    // Nobody is left to be told when whoever started us has been killed.
    if (process.connected) process.disconnect();
  });
}

/**
 * Starts this very command once more, away from the terminal, and waits until it answers requests.
 *
 * @param env what the child finds set
 * @returns its port; or, when it ends without ever answering, the exit code, its messages having gone to stderr
 */
export async function startDaemon(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ pid: number; port: number } | { exitCode: number }> {
  // A file, not a pipe: nobody reads a pipe once we are gone.
  const folder = mkdtempSync(join(tmpdir(), 'torc-server-'));
  const errors = openSync(join(folder, 'stderr'), 'a+');
  try {
    const child = spawn(process.execPath, [process.argv[1] ?? '', ...argv], {
      detached: true,
      env: { ...env, [MARK]: '1' },
      stdio: ['ignore', 'ignore', errors, 'ipc'],
    });
    const outcome = await readyOrEnd(child);
    process.stderr.write(readFileSync(join(folder, 'stderr')));
    return outcome;
  } finally {
    closeSync(errors);
    rmSync(folder, { recursive: true, force: true });
  }
}

function readyOrEnd(child: ChildProcess): Promise<{ pid: number; port: number } | { exitCode: number }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve({ exitCode: code ?? 1 }));
    child.once('message', (message) => {
      child.removeAllListeners('exit');
      child.unref();
      resolve({ pid: child.pid ?? 0, port: (message as Ready).port });
    });
  });
}
