import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { epochSeconds } from '../clock.js';
import { sideEffect } from '../side-effect.js';
import { SlurmCommandError } from './command-error.js';
import { type ProgramOptions, type ProgramResult, substitutedPrograms } from './programs.js';

/** How a Slurm command is run: its environment, working folder and time limit. */
export interface RunOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Seconds until the command is killed and counts as failed with an unknown effect. */
  timeout?: number;
}

/** Commands hang 19 s when the controller is down; sbatch itself waits up to 120 s when the queue is full. */
const DEFAULT_TIMEOUT = 60;

/**
 * Runs one Slurm command found on PATH and returns its standard output.
 * The only place of the project that spawns Slurm's programs.
 *
 * @param argv program and arguments, passed on unchanged (zx quotes every element)
 * @throws SlurmCommandError with argv, exit code, stderr and duration; its `kind` says what may be done next
 */
export async function runSlurm(argv: readonly [string, ...string[]], options: RunOptions): Promise<string> {
  const run = substitutedPrograms() ?? spawnProgram;
  const { env, cwd = process.cwd(), timeout = DEFAULT_TIMEOUT } = options;
  const started = epochSeconds();
  const call = () => run(argv, { env, cwd, timeout });
  const effect = effectOf(argv);
  const result = await (effect === null ? call() : sideEffect({ kind: 'slurm', what: effect }, call));
  if (result.exitCode === 0) return result.stdout;
  const { exitCode, stderr, timedOut } = result;
  throw new SlurmCommandError({ argv, exitCode, stderr, duration: epochSeconds() - started, timedOut });
}

/** What a command changes on the cluster; null for one that only asks. */
function effectOf([program, verb]: readonly string[]): string | null {
  if (verb === '--version') return null;
  switch (program) {
    case 'sbatch':
      return verb === '--test-only' ? null : program;
    case 'scontrol':
      return verb === undefined || verb === 'show' || verb.startsWith('-') ? null : `${program} ${verb}`;
    case 'sacct':
    case 'sinfo':
    case 'squeue':
      return null;
    default:
      return program ?? null;
  }
}

async function spawnProgram(
  argv: readonly string[],
  { env, cwd, timeout }: ProgramOptions,
): Promise<ProgramResult> {
  // Loaded here so that commands that never talk to Slurm (--help, compress) do not pay for it.
  const { $ } = await import('zx/core');
  const running = $({
    env,
    cwd,
    nothrow: true,
    quiet: true,
    // Not a pipe: Node's are sockets, and a bash that finds its input to be one takes itself for a remote login and
    // reads ~/.bashrc (bash manual, "Invoked by remote shell daemon").
    stdio: ['ignore', 'pipe', 'pipe'],
  })`${argv}`;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void running.kill();
  }, timeout * 1000);
  const output = await running.finally(() => clearTimeout(timer));
  const exitCode = output.exitCode ?? (output.signal ? 128 + constants.signals[output.signal] : 1);
  const stderr = output.stderr || (exitCode === 0 ? '' : whyNotStarted(output.cause, cwd));
  return { exitCode, stdout: output.stdout, stderr, timedOut };
}

/** For a command that never ran: Node says ENOENT of the shell when it is the working folder that is gone. */
function whyNotStarted(cause: unknown, cwd: string): string {
  if (!existsSync(cwd)) return `failed: working folder ${cwd} is gone`;
  return cause instanceof Error ? `failed: ${cause.message}` : '';
}

/**
 * The environment for reading commands: without the variables by which a user or an enclosing job changes the
 * format or scope of squeue and sacct, with full-length array lists and times in seconds since the epoch.
 */
export function readerEnv(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(base).filter(([name]) => !/^(SACCT|SQUEUE|SINFO|SCONTROL|SCANCEL)_/.test(name));
  // SLURM_BITSTR_LEN: array ids are cut at 64 characters by default (man sacct).
  return {
    ...Object.fromEntries(kept),
    SLURM_BITSTR_LEN: '0',
    SLURM_TIME_FORMAT: '%s',
    LC_ALL: 'C.UTF-8',
  };
}
