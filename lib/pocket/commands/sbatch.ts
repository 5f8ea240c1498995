import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { FormatError } from '../../format-error.js';
import { compress } from '../../slurm/array-cover.js';
import { ArraySpecError, parseArraySpec, toIndices } from '../../slurm/array-spec.js';
import { type SbatchOption, takeSbatchOptions } from '../../slurm/sbatch-options.js';
import type { JobRequest } from '../job.js';
import { Refusal, UsageRefusal } from '../refusal.js';
import { submitJob, testJob } from '../scheduler/submit.js';
import type { CommandContext } from './command.js';
import { exportedEnvironment } from './export.js';
import { takeFault } from './faults.js';
import { POCKET_PROGRAMS } from './programs.js';
import {
  optionsOfEnvironment,
  optionsOfScript,
  readWish,
  unknownOption,
  type Wish,
} from './sbatch-options.js';
import { readScript, type SubmittedScript } from './sbatch-script.js';
import { waitForJob } from './sbatch-wait.js';

const FAILED = 'Batch job submission failed';

/** Longest `--array` text that slurmctld takes (measured). */
const MAX_ARRAY_TEXT = 4096;

/** Longest --comment and --job-name. */
const MAX_TEXT = 1024;

const TOO_LONG = 'Pathname of a file, directory or other parameter too long';

/** sbatch: submits a batch script. */
export async function sbatch(argv: readonly string[], context: CommandContext): Promise<number> {
  const { options, rest } = commandLine(argv);
  const [word, ...args] = rest;
  const wrap = options.findLast(({ name }) => name === 'wrap')?.value ?? null;
  const script = readScript(word, wrap, context);
  const now = context.state.clock.now();
  const wish = readWish(
    [...optionsOfScript(script.directives), ...optionsOfEnvironment(context.env), ...options],
    now,
  );
  checkTogether(wish);
  const request = jobRequest(wish, script, { args, submitLine: ['sbatch', ...argv].join(' ') }, context);
  if (wish.testOnly) return test(request, context);
  const job = submit(request, context);
  if (job === null) return 1;
  announce(job, wish, context);
  return wish.wait ? await waitForJob(job, context) : 0;
}

function commandLine(argv: readonly string[]): { options: SbatchOption[]; rest: string[] } {
  try {
    return takeSbatchOptions(argv);
  } catch (error) {
    if (error instanceof FormatError) throw unknownOption(error);
    throw error;
  }
}

function checkTogether(wish: Wish): void {
  if (wish.memoryPerNode !== null && wish.memoryPerCpu !== null) {
    throw new UsageRefusal(['fatal: --mem, --mem-per-cpu, and --mem-per-gpu are mutually exclusive.']);
  }
  if (wish.beginAt !== null && wish.deadline !== null && wish.deadline < wish.beginAt) {
    throw new UsageRefusal(['error: Incompatible begin and deadline time specification']);
  }
  for (const text of [wish.comment, wish.name ?? '']) {
    if (text.length > MAX_TEXT) throw new UsageRefusal([`error: ${FAILED}: ${TOO_LONG}`]);
  }
}

/** The request in full: what nobody asked for gets Slurm's defaults. */
function jobRequest(
  wish: Wish,
  script: SubmittedScript,
  { args, submitLine }: { args: readonly string[]; submitLine: string },
  { env, cwd, state }: CommandContext,
): JobRequest {
  const { username, uid, gid } = userInfo();
  const array = wish.array === null ? null : readArray(wish.array);
  const nodes = wish.nodes ?? Math.max(1, wish.nodelist.length);
  const requeue = wish.requeue ?? state.cluster.settings.jobRequeue;
  return {
    name: wish.name ?? script.name,
    user: username,
    submission: {
      uid,
      gid,
      account: wish.account,
      qos: wish.qos,
      args: [...args],
      command: script.path,
      submitLine,
      nice: wish.nice,
      workingFolder: resolve(cwd, wish.workingFolder ?? ''),
      submitHost: hostname(),
      output: wish.output,
      error: wish.error,
      input: wish.input,
      openMode: wish.openMode,
      umask: process.umask(),
      array: array === null ? null : compress(array.indices),
      nodes,
      tasks: wish.tasks ?? (wish.tasksPerNode === null ? nodes : wish.tasksPerNode * nodes),
      cpusPerTask: wish.cpusPerTask,
      nodelist: wish.nodelist,
      exclusive: wish.exclusive,
      requeue,
      killOnInvalidDependency: wish.killOnInvalidDependency,
      signal: wish.signal,
      deadline: wish.deadline,
      limitStretch: limitStretch(env, state.timeScale),
    },
    script: script.content,
    environment: exportedEnvironment(wish.export, env, POCKET_PROGRAMS),
    partitions: wish.partitions.length > 0 ? wish.partitions : defaultPartition(state),
    comment: wish.comment,
    held: wish.held,
    beginAt: wish.beginAt ?? 0,
    dependency: wish.dependency,
    excludedNodes: wish.excludedNodes,
    timeLimit: wish.timeLimit ?? defaultTime(wish, state),
    memoryPerNode: wish.memoryPerNode,
    memoryPerCpu: wish.memoryPerCpu,
    indices: array?.indices ?? null,
    throttle: array?.throttle ?? null,
  };
}

/** sbatch passes over empty parts and a throttle that is no number (measured). */
function tolerated(text: string): string {
  return text.replace(/,{2,}/g, ',').replace(/%\D.*$/, '');
}

/** A job may live slower than the scheduler's clock, by the AFTEROK_TIME_SCALE that it is submitted with. */
function limitStretch({ AFTEROK_TIME_SCALE: own }: NodeJS.ProcessEnv, timeScale: number): number {
  const scale = Number(own);
  return scale > 0 ? Math.max(1, timeScale / scale) : 1;
}

function defaultPartition({ cluster }: CommandContext['state']): string[] {
  const chosen = cluster.partitions.find(({ isDefault }) => isDefault);
  if (chosen === undefined)
    throw new UsageRefusal([`error: ${FAILED}: No partition specified or system default partition`]);
  return [chosen.name];
}

function defaultTime(wish: Wish, { cluster }: CommandContext['state']): number {
  const named = cluster.partitions.find(({ name, isDefault }) =>
    wish.partitions.length > 0 ? name === wish.partitions[0] : isDefault,
  );
  return named?.defaultTime ?? Number.POSITIVE_INFINITY;
}

/** @returns null for an empty list, which is no array to sbatch */
function readArray(text: string): { indices: number[]; throttle: number | null } | null {
  if (text === '') return null;
  if (text.length > MAX_ARRAY_TEXT) throw new UsageRefusal([`error: ${FAILED}: ${TOO_LONG}`]);
  try {
    const spec = parseArraySpec(tolerated(text));
    return { indices: [...toIndices(spec)], throttle: spec.throttle };
  } catch (error) {
    if (error instanceof ArraySpecError)
      throw new UsageRefusal([`error: ${FAILED}: Invalid job array specification`]);
    throw error;
  }
}

/** @returns null when it was refused, or when a fault switch says that the reply was lost */
function submit(request: JobRequest, { state, wake, err }: CommandContext): number | null {
  if (takeFault(state, 'refused_submissions')) {
    err(`sbatch: error: ${FAILED}: Resource temporarily unavailable\n`);
    return null;
  }
  const job = refusable(() => submitJob(state, request, state.clock.now()), err);
  if (job === null) return null;
  wake();
  if (!takeFault(state, 'lost_replies')) return job;
  err(`sbatch: error: ${FAILED}: Socket timed out on send/recv operation\n`);
  return null;
}

function test(request: JobRequest, { state, err }: CommandContext): number {
  try {
    err(`sbatch: ${testJob(state, request, state.clock.now())}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    err(`allocation failure: ${error.message}\n`);
    return 1;
  }
}

function refusable<T>(work: () => T, err: (text: string) => void): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const detail of error.details) err(`sbatch: error: ${detail}\n`);
    err(`sbatch: error: ${FAILED}: ${error.message}\n`);
    return null;
  }
}

function announce(job: number, wish: Wish, { out }: CommandContext): void {
  if (wish.parsable) out(`${job}\n`);
  else if (!wish.quiet) out(`Submitted batch job ${job}\n`);
}
