/**
 * The process that starts others: a small one, since Node forks for that, and the larger a process is the longer that
 * takes, and the longer it is slow afterwards.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { LaunchOrder, LaunchReport } from './launcher.js';

const report = (report: LaunchReport) => process.send?.(report);

// Who has started this one ends jobs, and then this one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

const parent = process.ppid;

process.on('message', (order: LaunchOrder) => {
  // What a runner has ordered before it died is for its successor to decide about.
  if (process.ppid !== parent) process.exit();
  try {
    launch(order);
  } catch (error) {
    report({ kind: 'unstartable', id: order.id, message: (error as Error).message });
  }
});

function launch({ id, command, env, stdout, stderr, appends, cwd }: LaunchOrder): void {
  const flags = appends ? 'a' : 'w';
  const out = openSync(stdout, flags);
  const err = openSync(stderr, flags);
  const began = performance.now();
  // A process group of its own: signals reach all that the job has started, and Ctrl-C only the runner.
  const child = spawn('bash', ['-c', command], {
    ...{ detached: true, stdio: ['ignore', out, err], env: { ...process.env, ...env }, cwd },
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
