import { dependencyOn } from '../slurm/dependency.js';
import { formatDuration } from '../slurm/duration.js';
import { formatMemory } from '../slurm/memory-size.js';
import { buildSbatchArgs } from '../slurm/sbatch-options.js';
import { rungsOf } from './axes.js';
import type { Checkpoint, HandlerJob, Round, RoundJob } from './checkpoint.js';
import { jobIds } from './checkpoint.js';
import type { Ladder, Level } from './ladder.js';
import type { ChainPaths } from './paths.js';
import { mappedOutput } from './wrapper-script.js';

/** sbatch's own default for array jobs (sbatch manual, --output). */
const DEFAULT_ARRAY_OUTPUT = 'slurm-%A_%a.out';

/**
 * What sbatch is given for one job of a round. Held: it is released once its handlers are queued and everything is
 * written down, so that a job that was submitted is always found again in the queue, whatever dies in between.
 * The person's own options stand last, above the ladder's; the ladder stands above the script's `#SBATCH` lines.
 */
export function roundJobArgs(
  checkpoint: Checkpoint,
  round: Round,
  job: RoundJob,
  paths: ChainPaths,
): string[] {
  const { request } = checkpoint;
  const level = checkpoint.ladder.levels[job.level];
  if (level === undefined) throw new Error(`chain ${checkpoint.chain}: no level ${job.level}`);
  const position = round.jobs.indexOf(job) + 1;
  return [
    ...buildSbatchArgs({
      hold: true,
      comment: request.comment === null ? job.token : `${job.token} ${request.comment}`,
      array: job.array === null ? null : arrayText(job),
      ...levelSettings(level, [request.exclude, level.exclude, ...job.exclude]),
      // A requeue by Slurm would run a task twice beside the chain's own retry.
      'no-requeue': true,
      export: exportText(checkpoint),
    }),
    ...(round.number === 1 ? request.firstRoundOptions : []),
    ...request.options,
    ...(job.mapped ? buildSbatchArgs(mappedOutputs(request)) : []),
    isWrapped(checkpoint, job)
      ? paths.wrapper(round.number, position, request.script.name)
      : paths.script(request.script.name),
    ...request.args,
  ];
}

/** Whether a job runs a wrapper, which runs the person's script. */
export function isWrapped({ evidence }: Pick<Checkpoint, 'evidence'>, job: RoundJob): boolean {
  return job.mapped || evidence.records;
}

function mappedOutputs({ output, error }: Checkpoint['request']): Record<string, string | null> {
  return {
    output: mappedOutput(output ?? DEFAULT_ARRAY_OUTPUT),
    error: error === null ? null : mappedOutput(error),
  };
}

function arrayText(job: RoundJob): string {
  return job.throttle === null ? `${job.array}` : `${job.array}%${job.throttle}`;
}

/** @param exclude lists of nodes: sbatch takes the last `--exclude` alone, so that all go into one */
function levelSettings(
  level: Level,
  exclude: readonly (string | null)[],
): Record<string, string | number | null> {
  const excluded = exclude.filter((nodes) => nodes !== null);
  return {
    partition: level.partition,
    mem: level.mem === null ? null : formatMemory(level.mem),
    time: level.time === null ? null : formatDuration(level.time),
    qos: level.qos,
    account: level.account,
    constraint: level.constraint,
    gres: level.gres,
    'cpus-per-task': level.cpus,
    exclude: excluded.length === 0 ? null : excluded.join(','),
  };
}

/** Variables of ours in the person's job. On a ladder of axes there is a level of memory and one of time. */
export function chainVariables(
  { chain, ladder: { axes } }: Pick<Checkpoint, 'chain'> & { ladder: Pick<Ladder, 'axes'> },
  level: number,
): Record<string, string> {
  if (axes === null) return { MEM_ESCALATE_CHAIN_ID: chain, MEM_ESCALATE_LEVEL: String(level) };
  const { mem, time } = rungsOf(axes, level);
  return {
    MEM_ESCALATE_CHAIN_ID: chain,
    MEM_ESCALATE_LEVEL: String(mem),
    MEM_ESCALATE_TIME_LEVEL: String(time),
  };
}

/** Values never stand here: Slurm splits them at commas. They go through the environment in which sbatch runs. */
function exportText(checkpoint: Checkpoint): string {
  const wanted = checkpoint.request.export;
  if (wanted.mode === 'ALL') return 'ALL';
  return [...wanted.names, ...Object.keys(chainVariables(checkpoint, 0))].join(',');
}

/**
 * What sbatch is given for a handler.
 *
 * @param delay seconds from now, for one that starts at a later time
 * @param exclude nodes to be avoided: one that ends every task at once would end the handler, too
 */
export function handlerJobArgs(
  checkpoint: Checkpoint,
  round: Round,
  handler: HandlerJob,
  paths: ChainPaths,
  delay: number,
  exclude: readonly string[] = [],
): string[] {
  const { partition, mem, time, account, qos } = checkpoint.handler;
  const script = handler.trigger === 'afterok' ? 'on-success' : 'on-failure';
  const dependency = handler.trigger === 'again' ? null : dependencyOn(handler.trigger, jobIds(round));
  return [
    ...buildSbatchArgs({
      'job-name': `afterok-${checkpoint.chain}`,
      comment: handler.token,
      dependency,
      // The handler whose condition can no longer come true is removed by Slurm.
      'kill-on-invalid-dep': dependency === null ? null : 'yes',
      begin: handler.trigger === 'again' ? `now+${delay}` : null,
      partition,
      mem: formatMemory(mem),
      time: formatDuration(time),
      account,
      qos,
      exclude: exclude.length === 0 ? null : exclude.join(','),
      ntasks: 1,
      'cpus-per-task': 1,
      // Running a handler again is harmless, losing it to a bad node is not.
      requeue: true,
      'open-mode': 'append',
      output: paths.handlerLog,
      chdir: paths.folder,
      export: 'ALL',
    }),
    paths.handlerScript(script),
  ];
}
