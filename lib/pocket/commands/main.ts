import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AfterokError } from '../../errors.js';
import { reviveDaemon, wakeDaemon } from '../daemon/wake.js';
import { UsageRefusal } from '../refusal.js';
import { PocketState } from '../state/state.js';
import type { CommandContext, PocketCommand } from './command.js';
import { fault, outage } from './faults.js';
import { PROGRAMS, type Program } from './programs.js';

/** Modules are loaded when they are needed: a command is a process, and most scripts run many. */
const COMMANDS: Readonly<Record<Program, () => Promise<PocketCommand>>> = {
  sbatch: async () => (await import('./sbatch.js')).sbatch,
  squeue: async () => (await import('./squeue.js')).squeue,
  sacct: async () => (await import('./sacct.js')).sacct,
  scancel: async () => (await import('./scancel.js')).scancel,
  scontrol: async () => (await import('./scontrol.js')).scontrol,
  sinfo: async () => (await import('./sinfo.js')).sinfo,
  srun: async () => (await import('./srun.js')).srun,
};

/** Milliseconds of the machine from one look at the state to the next, for a command that waits. */
const LOOK = 50;

/** Milliseconds from one look after the scheduler to the next, for a command that waits: longer than it takes to start. */
const REVIVE = 2000;

/** Runs one program of pocket Slurm as this process. */
export async function runProgram(program: string, argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const name = PROGRAMS.find((known) => known === program);
  if (name === undefined) throw new Error(`no program ${program} in pocket Slurm`);
  try {
    process.exitCode = await withState((state) => runCommand(name, argv, processContext(state)));
  } catch (error) {
    if (!(error instanceof AfterokError)) throw error;
    process.stderr.write(
      `${program}: error: ${error.message}${error.hint === null ? '' : ` (${error.hint})`}\n`,
    );
    process.exitCode = error.exitCode;
  }
}

async function withState(work: (state: PocketState) => Promise<number>): Promise<number> {
  const state = await PocketState.open(process.env);
  try {
    return await work(state);
  } finally {
    state.close();
  }
}

/** Runs a command with whatever it is to run with; fault switches apply. */
export async function runCommand(
  program: Program,
  argv: readonly string[],
  context: CommandContext,
): Promise<number> {
  const slow = fault(context.state, 'slow_commands');
  if (slow > 0) await sleep(slow * 1000);
  const away = outage(context.state, program);
  if (away !== null) {
    context.err(`${away.line}\n`);
    return away.exitCode;
  }
  if (/^(--version|-V)$/.test(argv[0] ?? '')) {
    context.out('slurm-wlm 22.05.8\n');
    return 0;
  }
  reviveDaemon(context.state);
  const command = await COMMANDS[program]();
  try {
    return await command(argv, context);
  } catch (error) {
    if (!(error instanceof UsageRefusal)) throw error;
    for (const line of error.lines)
      context.err(`${/^(error|fatal):/.test(line) ? `${program}: ` : ''}${line}\n`);
    return error.exitCode;
  }
}

function processContext(state: PocketState): CommandContext {
  let revived = performance.now();
  return {
    env: process.env,
    cwd: process.cwd(),
    readInput: () => readFileSync(0),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    state,
    wake: () => wakeDaemon(state),
    changed: async () => {
      await sleep(LOOK);
      if (performance.now() < revived + REVIVE) return;
      revived = performance.now();
      reviveDaemon(state);
    },
  };
}
