import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { basename } from 'node:path';
import type { ExitCode } from '../../slurm/exit-code.js';
import { StepCgroup } from '../daemon/step-cgroup.js';
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

/** What Slurm gives as the signal of a step that ran out of memory. */
const OOM_SIGNAL = 125;

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
  const group = StepCgroup.of(env.AFTEROK_POCKET_CGROUP, name);
  const ends = await Promise.all(
    Array.from({ length: count }, (_, rank) =>
      runTask(command, { ...env, ...stepVariables(name, rank, count) }, { cwd, rank, label, group }, context),
    ),
  );
  const kills = group?.oomKills() ?? 0;
  group?.remove();
  for (const [rank, end] of ends.entries())
    report(end, { rank, outOfMemory: kills > 0 }, values.quiet === true, context);
  if (kills > 0) context.err(oomLine(kills, `${env.SLURM_JOB_ID}.${name}`));
  const end = stepEnd(ends, kills > 0);
  endStep(state, { ...id, name }, { ...end, now: state.clock.now() });
  return kills > 0 ? 1 : shellCode(end.exit);
}

/** What becomes of a step whose tasks have ended so: the worst counts. */
function stepEnd(ends: readonly ExitCode[], outOfMemory: boolean): { state: string; exit: ExitCode } {
  if (outOfMemory) return { state: 'OUT_OF_MEMORY', exit: { code: 0, signal: OOM_SIGNAL } };
  const worst = ends.reduce((a, b) => (shellCode(b) > shellCode(a) ? b : a));
  if (shellCode(worst) === 0) return { state: 'COMPLETED', exit: worst };
  const cancelled = worst.signal !== 0 && worst.signal !== constants.signals.SIGKILL;
  return { state: cancelled ? 'CANCELLED' : 'FAILED', exit: worst };
}

function oomLine(kills: number, step: string): string {
  return (
    `slurmstepd: error: Detected ${kills} oom-kill event(s) in StepId=${step}. ` +
    'Some of your processes may have been killed by the cgroup out-of-memory handler.\n'
  );
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

/** Moves itself into the control group named first and becomes the program behind it. */
const INTO_GROUP = `
  my $members = shift;
  if ($members ne '' && open my $file, '>', $members) { syswrite $file, '0' }
  exec { $ARGV[0] } @ARGV;
  print STDERR "slurmstepd: error: execve(): $ARGV[0]: $!\\n";
  exit $! + 0;`;

interface TaskPlace {
  cwd: string;
  rank: number;
  label: boolean;
  group: StepCgroup | null;
}

async function runTask(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  { cwd, rank, label, group }: TaskPlace,
  { out }: CommandContext,
): Promise<ExitCode> {
  // Where there is no group for the step its tasks go into the run's: this process is in neither.
  const members =
    group?.members ?? (env.AFTEROK_POCKET_CGROUP ? `${env.AFTEROK_POCKET_CGROUP}/cgroup.procs` : '');
  const child = spawn('perl', ['-we', `no warnings 'exec'; ${INTO_GROUP}`, members, ...command], {
    env,
    cwd,
    stdio: [rank === 0 ? 'inherit' : 'ignore', label ? 'pipe' : 'inherit', 'inherit'],
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => out(text.replace(/^(?=.)/gm, `${rank}: `)));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code: code ?? 0, signal: signal === null ? 0 : constants.signals[signal] };
}

/** What a shell makes of it. */
function shellCode({ code, signal }: ExitCode): number {
  return signal === 0 ? code : 128 + signal;
}

function report(
  end: ExitCode,
  { rank, outOfMemory }: { rank: number; outOfMemory: boolean },
  quiet: boolean,
  { env, err }: CommandContext,
): void {
  if (quiet || shellCode(end) === 0) return;
  const node = env.SLURMD_NODENAME ?? 'localhost';
  const killed = outOfMemory && end.signal === constants.signals.SIGKILL;
  const what = killed
    ? 'Out Of Memory'
    : end.signal === 0
      ? `Exited with exit code ${end.code}`
      : signalText(end.signal);
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
