/** The thread in which processes are started: `spawn` blocks until the new process has its program. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { LaunchOrder, LaunchReport } from './launcher.js';

const base = { ...process.env };
const main = parentPort;

main?.on('message', (order: LaunchOrder) => {
  try {
    launch(order, (report) => main.postMessage(report));
  } catch (error) {
    main.postMessage({ kind: 'unstartable', id: order.id, message: (error as Error).message });
  }
});

function launch(
  { id, command, env, stdout, stderr, appends, cwd }: LaunchOrder,
  report: (report: LaunchReport) => void,
): void {
  const flags = appends ? 'a' : 'w';
  const out = openSync(stdout, flags);
  const err = openSync(stderr, flags);
  const began = performance.now();
  // A process group of its own: signals reach all that the job has started, and Ctrl-C only the runner.
  const child = spawn('bash', ['-c', command], {
    ...{ detached: true, stdio: ['ignore', out, err], env: { ...base, ...env }, cwd },
  });
  closeSync(out);
  closeSync(err);
  child.on('error', (error) => {
    if (child.pid === undefined) report({ kind: 'unstartable', id, message: error.message });
  });
  child.on('exit', (code, signal) => {
    report({ kind: 'ended', id, end: { code, signal, seconds: (performance.now() - began) / 1000 } });
  });
  if (child.pid !== undefined) report({ kind: 'started', id, pid: child.pid });
}
