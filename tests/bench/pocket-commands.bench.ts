/**
 * What a person feels of pocket Slurm, one JSON line a command: `node dist/tests/bench/pocket-commands.bench.js`.
 * Milliseconds of the clock and of processor time, each the median of nine; beside them `node -e 0`, which no command can
 * beat. The queue is empty, then 10,000 tasks wait in it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useLocalScheduler } from '../../lib/cli/local.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { stopDaemon } from '../../lib/pocket/daemon/wake.js';
import { MEM_ESCALATE, median } from './cluster.js';

const TURNS = 9;
const folder = mkdtempSync(join(tmpdir(), 'pocket-commands-'));
const state = join(folder, 'state');
const env: NodeJS.ProcessEnv = {
  ...process.env,
  AFTEROK_POCKET_STATE: state,
  AFTEROK_TRACKER: join(folder, 'tracker'),
};
useLocalScheduler(env);
const script = join(folder, 'job.sh');
writeFileSync(script, '#!/bin/bash\ntrue\n');

/** Bash's `time` also counts the processor time of what a command has started and waited for. */
function once(words: readonly string[]): { wall: number; processor: number } {
  const timed = 'TIMEFORMAT="%3R %3U %3S"; { time "$@" >/dev/null 2>&3; } 3>&2 2>&1';
  const text = execFileSync('bash', ['-c', timed, 'bash', ...words], { env, cwd: folder, encoding: 'utf8' });
  const [wall = 0, user = 0, system = 0] = text.trim().split(' ').map(Number);
  return { wall: wall * 1000, processor: (user + system) * 1000 };
}

function measure(what: string, words: readonly string[], turns = TURNS): void {
  const times = Array.from({ length: turns }, () => once(words));
  const ms = Math.round(median(times.map(({ wall }) => wall)));
  const cpuMs = Math.round(median(times.map(({ processor }) => processor)));
  console.log(JSON.stringify({ measure: 'command', what, command: words.slice(0, 4).join(' '), ms, cpuMs }));
}

function queries(what: string): void {
  for (const program of ['squeue', 'sinfo', 'sacct']) measure(what, [program]);
}

try {
  measure('nothing', ['node', '-e', '0']);
  once(['sinfo']);
  queries('empty');
  measure('empty', ['sbatch', '--output=/dev/null', '--wrap', 'true']);
  const submission = ['--local', '--parsable', '--no-wait', '-a', '0-9', script];
  measure('a chain of 10 tasks', [process.execPath, MEM_ESCALATE, ...submission], 3);
  once(['sbatch', '--hold', '--array=0-9999', '--wrap', 'true']);
  queries('10,000 wait');
  measure('10,000 wait', ['sbatch', '--output=/dev/null', '--wrap', 'true']);
  measure('the whole', [`${PACKAGE_ROOT}bin/demo`], 1);
} finally {
  once(['scancel', '--user', String(process.env.USER ?? 'root')]);
  await stopDaemon(state);
  rmSync(folder, { recursive: true, force: true });
}
