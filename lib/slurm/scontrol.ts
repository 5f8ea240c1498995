import { readerEnv, runSlurm } from './command.js';
import { SlurmCommandError } from './command-error.js';
import { parseDuration } from './duration.js';
import { type ExitCode, parseExitCode } from './exit-code.js';
import { type ParsedJobState, parseJobState } from './job-state.js';
import { rowOrNone } from './row-or-none.js';

/** What the controller still remembers of a job or array task (for MinJobAge, 300 s by default, after its end). */
export interface ControllerRow {
  jobId: string;
  arrayJobId: string | null;
  /** The index of an array task, or the spec of the pending rest (`3-10`). */
  arrayTask: string | null;
  state: ParsedJobState;
  /** The true exit code; sacct prints codes of 128 and more minus 128. */
  exit: ExitCode;
  nodes: string | null;
  /** Seconds. */
  elapsed: number;
  /** Allocated CPUs, before the start those that it asks for; null when the controller does not tell. */
  cpus: number | null;
  /** Seconds since the epoch; null when the controller does not tell. */
  submit: number | null;
  /** The first word of its comment. */
  comment: string;
}

/** The controller's records of a job and, for an array, of all its tasks; none when it has forgotten the job. */
export async function scontrolShowJob(jobId: string, env: NodeJS.ProcessEnv): Promise<ControllerRow[]> {
  try {
    return parseShowJob(await runSlurm(['scontrol', '-o', 'show', 'job', jobId], { env: readerEnv(env) }));
  } catch (error) {
    if (error instanceof SlurmCommandError && /Invalid job id/i.test(error.reason)) return [];
    throw error;
  }
}

/** Rows of `scontrol -o show job`. */
export function parseShowJob(stdout: string): ControllerRow[] {
  return stdout.split('\n').flatMap((line) => {
    const field = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(line)?.[1] ?? null;
    const jobId = field('JobId');
    const state = field('JobState');
    if (jobId === null || state === null) return [];
    const nodes = field('NodeList');
    const elapsed = field('RunTime');
    // A range, `4-8`, while it waits for nodes.
    const cpus = /^\d+/.exec(field('NumCPUs') ?? '')?.[0];
    const submit = field('SubmitTime');
    return rowOrNone(() => ({
      jobId,
      arrayJobId: field('ArrayJobId'),
      arrayTask: field('ArrayTaskId')?.replace(/%\d+$/, '') ?? null,
      state: parseJobState(state),
      exit: parseExitCode(field('ExitCode') ?? '0:0'),
      nodes: nodes === null || nodes === '' || nodes === '(null)' ? null : nodes,
      elapsed: elapsed === null || elapsed === 'INVALID' ? 0 : parseDuration(elapsed),
      cpus: cpus === undefined ? null : Number(cpus),
      submit: submit === null ? null : clockOf(submit),
      comment: field('Comment') ?? '',
    }));
  });
}

/** Releases held jobs; releasing what is not held does no harm. */
export async function scontrolRelease(jobIds: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  if (jobIds.length === 0) return;
  await runSlurm(['scontrol', 'release', jobIds.join(',')], { env: readerEnv(env) });
}

/** What `scontrol show config` says. */
export interface ControllerConfig {
  /** MaxArraySize, MinJobAge, AccountingStorageType, … */
  settings: ReadonlyMap<string, string>;
  /** The controller's clock when it answered, in seconds since the epoch; null when it does not tell. */
  clock: number | null;
}

export async function scontrolConfig(env: NodeJS.ProcessEnv): Promise<ControllerConfig> {
  return parseConfig(await runSlurm(['scontrol', 'show', 'config'], { env: readerEnv(env) }));
}

/** The settings of `scontrol show config` alone. */
export async function scontrolShowConfig(env: NodeJS.ProcessEnv): Promise<ReadonlyMap<string, string>> {
  return (await scontrolConfig(env)).settings;
}

/** Lines of `scontrol show config`, `MinJobAge = 300 sec`, below `Configuration data as of 1795228444`. */
export function parseConfig(stdout: string): ControllerConfig {
  const lines = stdout.split('\n');
  const time = lines.flatMap((line) => /^Configuration data as of (\S+)/.exec(line)?.[1] ?? [])[0];
  return {
    settings: new Map(
      lines.flatMap((line) => {
        const match = /^(\w+)\s*=\s*(.*)$/.exec(line);
        return match?.[1] === undefined ? [] : [[match[1], (match[2] ?? '').trim()] as const];
      }),
    ),
    clock: time === undefined ? null : clockOf(time),
  };
}

/** Seconds since the epoch, or local time where the format of readerEnv is not honoured. */
function clockOf(text: string): number | null {
  const seconds = /^\d+$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  return Number.isFinite(seconds) ? seconds : null;
}
