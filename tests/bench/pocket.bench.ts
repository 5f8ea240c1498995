/**
 * Pocket Slurm's cost, one JSON line a measure: `node dist/tests/bench/pocket.bench.js`.
 *
 *   queue   sbatch of 10,000 tasks (held), milliseconds until it returns
 *   run     1,000 tasks of `true`, milliseconds until the last has ended, beside `xargs -n1 -P2 bash -c true`
 *   idle    CPU time of the daemon with one sleeping job, and with one that waits for an hour, milliseconds in 5 s
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { stopDaemon } from '../../lib/pocket/daemon/wake.js';

const folder = mkdtempSync(join(tmpdir(), 'pocket-bench-'));
const env = {
  ...process.env,
  PATH: `${PACKAGE_ROOT}bin/pocket:${process.env.PATH}`,
  AFTEROK_POCKET_STATE: join(folder, 'state'),
};

function run(program: string, ...args: string[]): number {
  const begun = performance.now();
  execFileSync(program, args, { env, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return Math.round(performance.now() - begun);
}

function print(measure: object): void {
  console.log(JSON.stringify(measure));
}

function daemonCpu(): number {
  const pid = readFileSync(join(env.AFTEROK_POCKET_STATE, 'daemon.lock'), 'utf8').trim();
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function idle(what: string): Promise<void> {
  await pause(1000);
  const before = daemonCpu();
  await pause(5000);
  print({ measure: 'idle', what, cpuMs: daemonCpu() - before });
}

try {
  run('squeue');
  for (let turn = 0; turn < 3; turn++) {
    print({
      measure: 'queue',
      tasks: 10_000,
      ms: run('sbatch', '--hold', '--array=0-9999', '--wrap', 'true'),
    });
  }
  run('scancel', '--user', String(process.env.USER ?? 'root'));
  for (let turn = 0; turn < 3; turn++) {
    const xargs = run('bash', '-c', 'seq 1000 | xargs -n1 -P2 bash -c true');
    const ms = run('sbatch', '--wait', '--output=/dev/null', '--array=0-999', '--wrap', 'true');
    print({ measure: 'run', tasks: 1000, ms, xargs, ratio: Number((ms / xargs).toFixed(2)) });
  }
  run('sbatch', '--begin=now+1hour', '--wrap', 'true');
  await idle('a job that begins in an hour');
  run('sbatch', '--wrap', 'sleep 30');
  await idle('a sleeping job');
  run('scancel', '--state=RUNNING', '--user', String(process.env.USER ?? 'root'));
} finally {
  await stopDaemon(env.AFTEROK_POCKET_STATE);
  rmSync(folder, { recursive: true, force: true });
}
