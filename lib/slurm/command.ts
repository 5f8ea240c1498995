import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { epochSeconds } from '../clock.js';
import { hasErrno } from '../errors.js';
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

type Argv = readonly [program: string, ...args: string[]];

/**
 * Runs one Slurm command found on PATH and returns its standard output.
 * The only place of the project that spawns Slurm's programs.
 *
 * @param argv program and arguments, passed on unchanged, with no shell between
 * @throws SlurmCommandError with argv, exit code, stderr and duration; its `kind` says what may be done next
 */
export async function runSlurm(argv: Argv, options: RunOptions): Promise<string> {
  const chunks: string[] = [];
  await run(argv, options, (chunk) => chunks.push(chunk));
  return chunks.join('');
}

/**
 * As runSlurm, but hands the output over line by line while it comes: accounting of a million tasks is 200 MB.
 * Of a command that fails, lines may have been handed over.
 */
export async function runSlurmByLine(
  argv: Argv,
  options: RunOptions,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = '';
  await run(argv, options, (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  if (rest !== '') onLine(rest);
}

/** Runs the command and hands over its standard output as it comes. */
async function run(argv: Argv, options: RunOptions, onOutput: (chunk: string) => void): Promise<void> {
  const { env, cwd = process.cwd(), timeout = DEFAULT_TIMEOUT } = options;
  const started = epochSeconds();
  const call = () => runProgram(argv, { env, cwd, timeout }, onOutput);
  const effect = effectOf(argv);
  const ended = await (effect === null ? call() : sideEffect({ kind: 'slurm', what: effect }, call));
  if (ended.exitCode === 0) return;
  const { exitCode, stderr, timedOut } = ended;
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

/** How a command ended, its output apart. */
type Ended = Omit<ProgramResult, 'stdout'>;

async function runProgram(
  argv: Argv,
  options: ProgramOptions,
  onOutput: (chunk: string) => void,
): Promise<Ended> {
  const substituted = substitutedPrograms();
  if (substituted === undefined) return await spawnProgram(argv, options, onOutput);
  const result = await substituted(argv, options);
  onOutput(result.stdout);
  return result;
}

async function spawnProgram(
  argv: Argv,
  { env, cwd, timeout }: ProgramOptions,
  onOutput: (chunk: string) => void,
): Promise<Ended> {
  const child = start(argv, env, cwd);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child);
  }, timeout * 1000);
  const end = await ending(child, cwd, onOutput).finally(() => clearTimeout(timer));
  return { ...end, timedOut };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** In a process group of its own: a site may have put a script in the command's place, which is killed with its children. */
function start(argv: Argv, env: NodeJS.ProcessEnv, cwd: string): Child {
  const [program, ...args] = argv;
  try {
    return spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  } catch (error) {
    // An argument of more than 128 KiB (E2BIG), or with a NUL in it.
    if (!(error instanceof Error)) throw error;
    const stderr = `failed: ${error.message}`;
    throw new SlurmCommandError({ argv, exitCode: 126, stderr, duration: 0, timedOut: false });
  }
}

function killGroup({ pid }: Child): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasErrno(error, 'ESRCH')) throw error;
  }
}

/** Waits until the command has ended; exit codes are a shell's, for one that a signal ended and one that never ran. */
async function ending(
  child: Child,
  cwd: string,
  onOutput: (chunk: string) => void,
): Promise<{ exitCode: number; stderr: string }> {
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const exit = new Promise<{ exitCode: number; stderr: string }>((resolve) => {
    child.once('error', (error) => resolve(notStarted(error, cwd)));
    child.once('close', (code, signal) => {
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolve({ exitCode, stderr });
    });
  });
  for await (const chunk of child.stdout.setEncoding('utf8')) onOutput(chunk as string);
  return await exit;
}

/** Node says ENOENT of the program also when it is the working folder that is gone. */
function notStarted(error: Error, cwd: string): { exitCode: number; stderr: string } {
  if (!existsSync(cwd)) return { exitCode: 126, stderr: `failed: working folder ${cwd} is gone` };
  return { exitCode: hasErrno(error, 'ENOENT') ? 127 : 126, stderr: `failed: ${error.message}` };
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
