import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { basename } from 'node:path';
import type { ExitCode } from '../../slurm/exit-code.js';
import { UsageRefusal } from '../refusal.js';
import { taskOfRawId } from '../state/queries.js';
import { beginStep, endStep } from '../state/steps.js';
import type { CommandContext } from './command.js';
import { readOptions } from './options.js';

const OPTIONS = {
  chdir: { type: 'string', short: 'D' },
  'cpus-per-task': { type: 'string', short: 'c' },
  exact: { type: 'boolean' },
  exclusive: { type: 'boolean' },
  'job-name': { type: 'string', short: 'J' },
  'kill-on-bad-exit': { type: 'string', short: 'K' },
  label: { type: 'boolean', short: 'l' },
  mem: { type: 'string' },
  'mem-per-cpu': { type: 'string' },
  mpi: { type: 'string' },
  nodes: { type: 'string', short: 'N' },
  ntasks: { type: 'string', short: 'n' },
  overlap: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'Q' },
  unbuffered: { type: 'boolean', short: 'u' },
  wait: { type: 'string', short: 'W' },
} as const;

/** srun within a batch script: a step, whose tasks are processes of the job. */
export async function srun(argv: readonly string[], context: CommandContext): Promise<number> {
  const { env, state } = context;
  const { values, command } = commandLine(argv);
  const task = taskOfRawId(state, Number(env.SLURM_JOB_ID ?? 0));
  if (task === null || task.state !== 'RUNNING') {
    throw new UsageRefusal(['error: pocket Slurm runs srun only within a job: put it into a batch script']);
  }
  const count = Number(values.ntasks ?? env.SLURM_NTASKS ?? 1);
  if (!(Number.isInteger(count) && count >= 1 && count <= 1000))
    throw new UsageRefusal([`error: Invalid numeric value "${values.ntasks}" for --ntasks.`]);
  const [program = ''] = command;
  const id = { task: task.id, restart: task.restarts };
  const name = beginStep(
    state,
    { ...id, command: values['job-name'] ?? basename(program), tasks: count },
    state.clock.now(),
  );
  const cwd = values.chdir ?? context.cwd;
  const label = values.label === true;
  const ends = await Promise.all(
    Array.from({ length: count }, (_, rank) =>
      runTask(command, { ...env, ...stepVariables(name, rank, count) }, { cwd, rank, label }, context),
    ),
  );
  for (const [rank, end] of ends.entries()) report(end, rank, values.quiet === true, context);
  const worst = ends.reduce((a, b) => (shellCode(b) > shellCode(a) ? b : a));
  const ended = worst.signal !== 0 && worst.signal !== constants.signals.SIGKILL ? 'CANCELLED' : 'FAILED';
  endStep(
    state,
    { ...id, name },
    { state: shellCode(worst) === 0 ? 'COMPLETED' : ended, exit: worst, now: state.clock.now() },
  );
  return shellCode(worst);
}

/** Options end at the program. */
function commandLine(argv: readonly string[]) {
  const start = argv.findIndex((word, place) => !word.startsWith('-') && !takesWord(argv[place - 1]));
  if (start === -1) throw new UsageRefusal(['fatal: No command given to execute.']);
  return { values: readOptions('srun', argv.slice(0, start), OPTIONS).values, command: argv.slice(start) };
}

/** Whether the word behind this one is its value. */
function takesWord(word: string | undefined): boolean {
  if (word === undefined || !word.startsWith('-') || word.includes('=')) return false;
  return Object.entries(OPTIONS).some(
    ([name, option]) =>
      option.type === 'string' &&
      (word === `--${name}` || ('short' in option && word === `-${option.short}`)),
  );
}

function stepVariables(step: string, rank: number, count: number): NodeJS.ProcessEnv {
  return {
    SLURM_STEP_ID: step,
    SLURM_STEPID: step,
    SLURM_PROCID: String(rank),
    SLURM_LOCALID: String(rank),
    SLURM_NTASKS: String(count),
    SLURM_NPROCS: String(count),
    SLURM_STEP_NUM_TASKS: String(count),
  };
}

async function runTask(
  [program = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  { cwd, rank, label }: { cwd: string; rank: number; label: boolean },
  { out, err }: CommandContext,
): Promise<ExitCode> {
  const child = spawn(program, args, {
    env,
    cwd,
    stdio: [rank === 0 ? 'inherit' : 'ignore', label ? 'pipe' : 'inherit', 'inherit'],
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => out(text.replace(/^(?=.)/gm, `${rank}: `)));
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code: code ?? 0, signal: signal === null ? 0 : constants.signals[signal] };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    err(
      `slurmstepd: error: execve(): ${program}: ${missing ? 'No such file or directory' : 'Permission denied'}\n`,
    );
    return { code: missing ? 2 : 13, signal: 0 };
  }
}

/** What a shell makes of it. */
function shellCode({ code, signal }: ExitCode): number {
  return signal === 0 ? code : 128 + signal;
}

function report(end: ExitCode, rank: number, quiet: boolean, { env, err }: CommandContext): void {
  if (quiet || shellCode(end) === 0) return;
  const node = env.SLURMD_NODENAME ?? 'localhost';
  const what = end.signal === 0 ? `Exited with exit code ${end.code}` : signalText(end.signal);
  err(`srun: error: ${node}: task ${rank}: ${what}\n`);
}

/** As strsignal(3) has it. */
function signalText(signal: number): string {
  const texts: Readonly<Record<number, string>> = {
    6: 'Aborted',
    9: 'Killed',
    11: 'Segmentation fault',
    15: 'Terminated',
  };
  return texts[signal] ?? `Signal ${signal}`;
}
