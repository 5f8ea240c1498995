import { epochSeconds } from '../clock.js';
import { SlurmCommandError } from '../slurm/command-error.js';
import { type RetryPolicy, retryTransient } from '../slurm/retry.js';
import { sbatch, sbatchAdmits } from '../slurm/sbatch.js';
import { scancel } from '../slurm/scancel.js';
import { scontrolRelease } from '../slurm/scontrol.js';
import { squeueJobs, squeueUser } from '../slurm/squeue.js';
import type { HandlerJob, Round, RoundJob } from './checkpoint.js';
import { jobIds, lastRound } from './checkpoint.js';
import { handlerEnvironment, readEnvironment } from './environment.js';
import { chainVariables, handlerJobArgs, roundJobArgs } from './job-args.js';
import { killPoint } from './kill-point.js';
import { activeNodes } from './node-exclusion.js';
import type { OpenChain } from './open-chain.js';
import { handlerToken, plannedHandlers, tokenIn } from './plan.js';

/** A controller that is away usually comes back within minutes; a handler waits for it as long as it may run. */
const PATIENCE: RetryPolicy = { first: 0.5, cap: 5, total: 1800 };

/** How often a release that is refused is tried with what is held then. */
const RELEASE_LOOKS = 3;

/** What the queue holds under our tokens. Asked once, and only when an earlier process may have submitted something. */
type Adoptable = ReadonlyMap<string, string>;

/**
 * Phase `submitting`: every job of the round is submitted, held. A job that a process submitted before it died is
 * still in the queue, since held jobs neither run nor are forgotten, and is adopted by its token.
 *
 * @param fresh true when this very process has planned the round, so that nothing can have been submitted yet
 */
export async function submitJobs(chain: OpenChain, fresh: boolean): Promise<void> {
  const { checkpoint, paths } = chain;
  const planned = lastRound(checkpoint);
  killPoint('round-planned', planned.number);
  const environment = readEnvironment(paths.environment);
  const round = await withNodesLeft(chain, planned, environment);
  const adoptable = fresh ? new Map<string, string>() : await adoptableJobs(tokens(round.jobs), environment);
  const jobs: RoundJob[] = [];
  for (const job of round.jobs) {
    const env = { ...environment, ...chainVariables(checkpoint, job.level) };
    const args = roundJobArgs(checkpoint, round, job, paths);
    const options = { env, cwd: checkpoint.request.cwd };
    const jobId = adoptable.get(job.token) ?? (await submitOnce(args, job.token, options));
    killPoint('job-submitted', round.number);
    jobs.push({ ...job, jobId });
  }
  writeRound(chain, { ...round, phase: 'submitted', jobs }, 'submitted', describeJobs(jobs));
}

/** A job avoids the nodes on which tasks failed, unless that leaves none that could run it. */
async function withNodesLeft(chain: OpenChain, round: Round, env: NodeJS.ProcessEnv): Promise<Round> {
  const { checkpoint, paths } = chain;
  const jobs: RoundJob[] = [];
  for (const job of round.jobs) {
    const args = roundJobArgs(checkpoint, round, job, paths);
    const admitted = () => sbatchAdmits(args, { env, cwd: checkpoint.request.cwd });
    const runnable = job.exclude.length === 0 || (await retryTransient(admitted, PATIENCE));
    if (!runnable) {
      const text = `${job.exclude.join(',')}: no other node could run level ${job.level}`;
      chain.write({}, { round: round.number, kind: 'not excluded', text });
    }
    jobs.push(runnable ? job : { ...job, exclude: [] });
  }
  return { ...round, jobs };
}

/**
 * Phase `submitted`: the handlers are queued behind the held jobs. One job: on-failure behind afternotok and
 * on-success behind afterok. Several: one handler behind afterany, since afternotok on all of them could never be
 * satisfied once one job succeeds whole.
 */
export async function submitHandlers(chain: OpenChain, fresh: boolean): Promise<void> {
  const { checkpoint } = chain;
  const round = lastRound(checkpoint);
  killPoint('jobs-recorded', round.number);
  const planned = plannedHandlers(checkpoint.chain, round);
  const environment = readEnvironment(chain.paths.environment);
  const adoptable = fresh ? new Map<string, string>() : await adoptableJobs(tokens(planned), environment);
  const handlers: HandlerJob[] = [];
  for (const handler of planned) {
    handlers.push({ ...handler, jobId: await submitHandler(chain, round, handler, environment, adoptable) });
    killPoint('handler-submitted', round.number);
  }
  writeRound(chain, { ...round, phase: 'guarded', handlers });
}

/** Phase `guarded`: the jobs are let go. Only what is held is released: the call fails for jobs that have ended. */
export async function releaseJobs(chain: OpenChain, fresh: boolean): Promise<void> {
  const round = lastRound(chain.checkpoint);
  killPoint('handlers-recorded', round.number);
  const env = readEnvironment(chain.paths.environment);
  if (!(fresh && (await releasedAtOnce(round, env)))) await releaseHeld(round, env);
  killPoint('jobs-released', round.number);
  writeRound(chain, { ...round, phase: 'running' });
  killPoint('round-running', round.number);
}

/** @returns false when scontrol failed: no answer, or somebody has cancelled one of the jobs meanwhile */
async function releasedAtOnce(round: Round, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await scontrolRelease(jobIds(round), env);
    return true;
  } catch (error) {
    if (error instanceof SlurmCommandError) return false;
    throw error;
  }
}

/** Releases what is held. A job that is cancelled between the look and the release makes it look again. */
async function releaseHeld(round: Round, env: NodeJS.ProcessEnv): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    try {
      await retryTransient(async () => scontrolRelease(await heldJobs(round, env), env), PATIENCE);
      return;
    } catch (error) {
      if (!(error instanceof SlurmCommandError) || error.transient || looks === RELEASE_LOOKS) throw error;
    }
  }
}

/**
 * Queues one more handler for a round whose end is not proved: behind the jobs while they are in the queue,
 * otherwise at a later time. Intent first: the entry is written before it is submitted.
 *
 * @param delay seconds from now, when no job is left to wait for
 */
export async function submitLaterHandler(
  chain: OpenChain,
  trigger: 'afterany' | 'again',
  delay: number,
): Promise<void> {
  const { checkpoint } = chain;
  const round = lastRound(checkpoint);
  const token = handlerToken(checkpoint.chain, round.number, round.handlers.length + 1);
  const handler: HandlerJob = { token, trigger, jobId: null };
  const intended = { ...round, handlers: [...round.handlers, handler] };
  writeRound(chain, intended);
  const environment = readEnvironment(chain.paths.environment);
  const jobId = await submitHandler(chain, intended, handler, environment, new Map(), delay);
  const handlers = intended.handlers.map((entry) => (entry === handler ? { ...handler, jobId } : entry));
  writeRound(chain, { ...round, handlers }, 'waiting', `handler ${jobId} looks again`);
}

async function submitHandler(
  chain: OpenChain,
  round: Round,
  handler: HandlerJob,
  environment: NodeJS.ProcessEnv,
  adoptable: Adoptable,
  delay = 0,
): Promise<string> {
  const { checkpoint, paths } = chain;
  const options = { env: handlerEnvironment(environment), cwd: paths.folder };
  const argsWithout = (nodes: readonly string[]) =>
    handlerJobArgs(checkpoint, round, handler, paths, delay, nodes);
  const avoided = activeNodes(checkpoint.excludedNodes, epochSeconds());
  const admitted = () => sbatchAdmits(argsWithout(avoided), options);
  const avoidable = avoided.length > 0 && (await retryTransient(admitted, PATIENCE));
  const args = argsWithout(avoidable ? avoided : []);
  return adoptable.get(handler.token) ?? (await submitOnce(args, handler.token, options));
}

/** Submits, and when sbatch's answer was lost looks for the job by its token before it tries again. */
async function submitOnce(
  args: readonly string[],
  token: string,
  options: { env: NodeJS.ProcessEnv; cwd: string },
): Promise<string> {
  let lost = false;
  return await retryTransient(async () => {
    const adopted = lost ? (await adoptableJobs([token], options.env)).get(token) : undefined;
    lost = true;
    return adopted ?? (await sbatch(args, options));
  }, PATIENCE);
}

function tokens(jobs: readonly { token: string }[]): string[] {
  return jobs.map((job) => job.token);
}

/**
 * Which of these tokens are in the queue, and under which job id. Two jobs under one token (a process that was
 * thought dead submitted late) are one too many: both are held or waiting, and the younger is cancelled.
 */
async function adoptableJobs(wanted: readonly string[], env: NodeJS.ProcessEnv): Promise<Adoptable> {
  const rows = await retryTransient(() => squeueUser(env), PATIENCE);
  const found = new Map<string, string>();
  for (const token of wanted) {
    const ours = rows.filter((row) => tokenIn(row.comment) === token).map((row) => row.id.job);
    const [first, ...surplus] = [...new Set(ours)].sort((a, b) => a - b);
    if (first !== undefined) found.set(token, String(first));
    await scancel(surplus.map(String), env);
  }
  return found;
}

async function heldJobs(round: Round, env: NodeJS.ProcessEnv): Promise<string[]> {
  const rows = await squeueJobs(jobIds(round), env);
  const held = rows.filter((row) => row.state.state === 'PENDING' && /^JobHeldUser/.test(row.reason));
  return [...new Set(held.map((row) => String(row.id.job)))];
}

function writeRound(chain: OpenChain, round: Round, kind?: string, text = ''): void {
  const rounds = [...chain.checkpoint.rounds.slice(0, -1), round];
  chain.write({ rounds }, kind === undefined ? undefined : { round: round.number, kind, text });
}

function describeJobs(jobs: readonly RoundJob[]): string {
  const tasks = jobs.reduce((sum, job) => sum + job.count, 0);
  return `${tasks} tasks as job ${jobs.map((job) => job.jobId).join(', ')}`;
}
