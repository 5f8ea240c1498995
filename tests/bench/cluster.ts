import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Checkpoint } from '../../lib/chain/checkpoint.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';

const run = promisify(execFile);

export const MEM_ESCALATE = `${PACKAGE_ROOT}dist/bin/mem-escalate.js`;

/** A folder of one bench, with a tracker, and the environment to run commands in. */
export interface BenchFolder {
  folder: string;
  env: NodeJS.ProcessEnv;
  /** How often each Slurm command was run since the last call. */
  commands(): Record<string, number>;
}

const COUNTED = ['sbatch', 'sacct', 'squeue', 'scontrol', 'sinfo', 'scancel'];

/**
 * Slurm's commands are counted by wrappers in front of them on PATH, also in handlers, which inherit the PATH, but not
 * those that array tasks run for themselves.
 */
export function benchFolder(name: string, surroundings = process.env): BenchFolder {
  const folder = mkdtempSync(join(tmpdir(), `afterok-bench-${name}-`));
  const log = join(folder, 'commands.log');
  const wrappers = join(folder, 'bin');
  mkdirSync(wrappers);
  for (const program of COUNTED) {
    const real = execFileSync('which', [program], { encoding: 'utf8', env: surroundings }).trim();
    writeFileSync(
      join(wrappers, program),
      `#!/bin/sh\n[ -n "$SLURM_ARRAY_TASK_ID" ] || echo ${program} >> '${log}'\nexec ${real} "$@"\n`,
    );
    chmodSync(join(wrappers, program), 0o755);
  }
  const env = {
    ...surroundings,
    PATH: `${wrappers}:${surroundings.PATH}`,
    AFTEROK_TRACKER: join(folder, 'tracker'),
  };
  return {
    folder,
    env,
    commands: () => {
      const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [];
      writeFileSync(log, '');
      const counts: Record<string, number> = {};
      for (const line of lines) counts[line] = (counts[line] ?? 0) + 1;
      return counts;
    },
  };
}

/** Runs a program and returns its output and the seconds that it took. */
export async function timed(
  program: string,
  args: readonly string[],
  { folder, env }: Pick<BenchFolder, 'folder' | 'env'>,
): Promise<{ stdout: string; seconds: number }> {
  const started = process.hrtime.bigint();
  const { stdout } = await run(program, [...args], { cwd: folder, env, maxBuffer: 2 ** 28 });
  return { stdout, seconds: Number(process.hrtime.bigint() - started) / 1e9 };
}

export async function submit(
  bench: BenchFolder,
  args: readonly string[],
): Promise<{ chain: string; seconds: number }> {
  const { stdout, seconds } = await timed(
    process.execPath,
    [MEM_ESCALATE, '--parsable', '--no-wait', ...args],
    bench,
  );
  return { chain: stdout.trim(), seconds };
}

export function checkpointPath({ env }: Pick<BenchFolder, 'env'>, chain: string): string {
  return join(env.AFTEROK_TRACKER ?? '', 'checkpoints', `${chain}.checkpoint`);
}

export function readChain(bench: Pick<BenchFolder, 'env'>, chain: string): Checkpoint {
  return JSON.parse(readFileSync(checkpointPath(bench, chain), 'utf8')) as Checkpoint;
}

/** Waits for what `done` says of the checkpoint; fails after `limit` seconds with the last events. */
export async function waitFor(
  bench: BenchFolder,
  chain: string,
  limit: number,
  done: (checkpoint: Checkpoint) => boolean,
): Promise<Checkpoint> {
  const deadline = Date.now() + limit * 1000;
  for (;;) {
    const checkpoint = readChain(bench, chain);
    if (done(checkpoint)) return checkpoint;
    if (Date.now() > deadline || ['blocked', 'stopped'].includes(checkpoint.state)) {
      throw new Error(
        `chain ${chain} is ${checkpoint.state}: ${JSON.stringify(checkpoint.events.slice(-3))}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function report(name: string, figures: Record<string, number | string>): void {
  const rounded = Object.entries(figures).map(([key, value]) => [
    key,
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
  ]);
  console.log(JSON.stringify({ bench: name, ...Object.fromEntries(rounded) }));
}
