import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { PACKAGE_ROOT } from '../lib/package-root.js';

/** What a command that has ended left behind. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  env?: NodeJS.ProcessEnv | undefined;
  cwd?: string | undefined;
  /** Seconds. */
  timeout?: number;
}

/**
 * tap has every process of ours load its hooks, which must not reach the programs under test: they take time, and a
 * process has waited for them for ever.
 */
const WITHOUT_HOOKS = ['-u', 'NODE_OPTIONS'];

/** Runs a program to its end, with an empty standard input. A death by signal counts as 128 and the signal's number, as in a shell. */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<Finished> {
  const child = execFile('/usr/bin/env', [...WITHOUT_HOOKS, ...argv], {
    env: options.env ?? process.env,
    cwd: options.cwd ?? PACKAGE_ROOT,
    timeout: (options.timeout ?? 240) * 1000,
    maxBuffer: 2 ** 28,
  });
  child.stdin?.end();
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), stdout, stderr };
}

/** The same, for commands that a test cannot do without. */
export async function must(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options);
  if (code !== 0) throw new Error(`${argv.join(' ')}: exit ${code}\n${stdout}${stderr}`);
  return stdout;
}

/**
 * Our environment with what a program prints (`export NAME=VALUE` lines) evaluated in it: that of a cluster. What the
 * person who runs the tests has set must not change what they do, and is left out.
 */
export async function evaluatedEnv(argv: readonly string[]): Promise<NodeJS.ProcessEnv> {
  const text = await must(['bash', '-c', 'lines=$("$@") && eval "$lines" && env -0', 'bash', ...argv]);
  const entries = text.split('\0').map((entry): [string, string] => {
    const at = entry.indexOf('=');
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return Object.fromEntries(entries.filter(([name]) => name !== '' && !PERSONAL.test(name)));
}

/** Settings of afterok, tap and Slurm's commands; those that say which cluster it is stay. */
const PERSONAL = /^(AFTEROK_(?!CLUSTER_|POCKET_STATE|TIME_SCALE)|TAP|(SBATCH|SACCT|SQUEUE|SINFO|SCANCEL)_)/;
