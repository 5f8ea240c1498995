import { inReach } from '../../chain/axes.js';
import { type Checkpoint, lastRound, type Round } from '../../chain/checkpoint.js';
import { handlerJobArgs, roundJobArgs } from '../../chain/job-args.js';
import { shellQuote } from '../../chain/kept-script.js';
import { readLadderFile } from '../../chain/ladder-file.js';
import { resourcesName } from '../../chain/level-name.js';
import type { ChainPaths } from '../../chain/paths.js';
import { plannedHandlers } from '../../chain/plan.js';
import { type CheckedRequest, checkRequest } from '../../chain/request.js';
import { clusterFacts, newChainId, planChain, startChain } from '../../chain/start.js';
import { AfterokError } from '../../errors.js';
import type { ParsedArguments } from '../parse.js';
import { recordHistory } from '../record-history.js';
import { capsOf } from './cap-options.js';
import { ladderFile, levelRange } from './ladder-choice.js';
import { trackerOf } from './tracker.js';

/** Submits a chain, and on a terminal or with --wait stays until it ends. */
export async function runSubmit(args: ParsedArguments): Promise<number> {
  const [script, ...scriptArgs] = args.positionals;
  if (script === undefined) {
    throw new AfterokError(
      'bad-option',
      'no script given',
      'mem-escalate [options] <script> [script-args...]',
    );
  }
  const file = readLadderFile(ladderFile(args));
  const ladder = { ...file, caps: capsOf(args, file.caps) };
  const checked = checkRequest(
    {
      script,
      args: scriptArgs,
      array: args.text('array'),
      throttle: args.integer('throttle', 1),
      exports: args.list('export'),
      sbatchOptions: [...partitionOption(args), ...args.list('sbatch')],
      ...levelRange(args, ladder),
    },
    process.env,
    process.cwd(),
  );
  const tracker = trackerOf(args);
  if (args.has('dry-run')) {
    const checkpoint = planChain(newChainId(), checked, ladder, await clusterFacts(process.env));
    printDryRun(checkpoint, tracker.chain(checkpoint.chain), checked);
    return 0;
  }
  const checkpoint = await startChain(tracker, checked, ladder, process.env);
  const paths = tracker.chain(checkpoint.chain);
  printSubmitted(args, checkpoint, paths);
  await recordHistory(paths, checkpoint);
  return await waitIfAsked(args, paths);
}

function partitionOption(args: ParsedArguments): string[] {
  const partition = args.text('partition');
  return partition === null ? [] : [`--partition=${partition}`];
}

/** On a terminal a person wants to see it run; a script goes on unless it asks to wait. */
async function waitIfAsked(args: ParsedArguments, paths: ChainPaths): Promise<number> {
  const quiet = args.has('parsable') || args.text('format') === 'json';
  const watched = process.stdout.isTTY === true && !quiet;
  if (args.has('no-wait') || !(args.has('wait') || watched)) return 0;
  const { followChain } = await import('./follow.js');
  return await followChain(paths, { quiet, interval: null });
}

function printSubmitted(args: ParsedArguments, checkpoint: Checkpoint, paths: ChainPaths): void {
  const round = lastRound(checkpoint);
  const { chain } = checkpoint;
  if (args.has('parsable')) {
    console.log(chain);
    return;
  }
  const jobs = round.jobs.map(({ jobId, array, count, level }) => ({
    job: jobId,
    array,
    tasks: count,
    level,
  }));
  const handlers = round.handlers.map(({ jobId, trigger }) => ({ job: jobId, trigger }));
  if (args.text('format') === 'json') {
    console.log(JSON.stringify({ chain, checkpoint: paths.checkpoint, jobs, handlers }));
    return;
  }
  for (const line of jobLines(checkpoint, round, paths)) console.log(line);
  console.log(
    `Submitted chain ${chain}: ${jobs.map(({ job, tasks }) => `job ${job} (${tasks} tasks)`).join(', ')}, ` +
      `handlers ${handlers.map(({ job, trigger }) => `${job} (${trigger})`).join(', ')}`,
  );
  console.log(`Look: mem-escalate --status ${chain} --watch`);
}

function printDryRun(checkpoint: Checkpoint, paths: ChainPaths, checked: CheckedRequest): void {
  console.log(
    `# dry run: ${checked.tasks} tasks, nothing is submitted; <job> stands for ids that sbatch gives`,
  );
  for (const line of rungLines(checkpoint)) console.log(line);
  const planned = lastRound(checkpoint);
  const round = { ...planned, jobs: planned.jobs.map((job) => ({ ...job, jobId: '<job>' })) };
  for (const line of jobLines(checkpoint, round, paths)) console.log(line);
  for (const handler of plannedHandlers(checkpoint.chain, round)) {
    console.log(sbatchLine(handlerJobArgs(checkpoint, round, handler, paths, 0)));
  }
  console.log(`scontrol release ${round.jobs.map(({ jobId }) => jobId).join(',')}`);
}

/** What a chain on axes may ask for, as comments: `# 8G 01:00:00 in week,pi_jetz`. */
function rungLines({ ladder: { axes, levels }, request }: Checkpoint): string[] {
  if (axes === null) return [];
  const reached = levels.filter((_, level) => inReach(axes, request, level));
  return reached.map((level) =>
    `# rung ${resourcesName(level)} ${level.partition === null ? '' : `in ${level.partition}`}`.trimEnd(),
  );
}

function jobLines(checkpoint: Checkpoint, round: Round, paths: ChainPaths): string[] {
  return round.jobs.map((job) => sbatchLine(roundJobArgs(checkpoint, round, job, paths)));
}

/** The exact command, in the form in which a shell would take it. */
function sbatchLine(args: readonly string[]): string {
  return ['sbatch', '--parsable', ...args].map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./<>-]+$/.test(word) ? word : shellQuote(word);
}
