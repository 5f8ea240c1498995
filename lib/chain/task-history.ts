import type { Checkpoint, RoundResult, TaskOutcome } from './checkpoint.js';
import { indices } from './index-set.js';
import { resourcesName } from './level-name.js';
import { jobSettings, outputPath } from './output-path.js';

/** One attempt of a task. What is not known is null, as all evidence is while the attempt has not ended. */
export interface TaskAttempt {
  round: number;
  level: number;
  /** What the level asks for, on a ladder of axes; null for joint levels. */
  rung: string | null;
  /** `806_3`, as sacct takes it; null for a job that is not submitted yet. */
  job: string | null;
  state: TaskOutcome['state'] | null;
  exit: TaskOutcome['exit'] | null;
  node: string | null;
  elapsed: number | null;
  maxRss: number | null;
  start: number | null;
  end: number | null;
  /** What was decided of it; null while it is not. */
  decided: keyof RoundResult['buckets'] | null;
  /** Its output file; parts of the pattern that only Slurm knows are left as they are. */
  output: string | null;
}

export interface TaskHistory {
  chain: string;
  index: number;
  attempts: TaskAttempt[];
}

/**
 * All attempts of one index, oldest first; none when the chain has no such index.
 *
 * @param outcomesOf the outcomes of a round, as readOutcomes gives them; those of the open round may be partial
 * @param script the kept copy of the script, for the job name and folder that its `#SBATCH` lines set
 */
export function taskHistory(
  checkpoint: Checkpoint,
  outcomesOf: (round: number) => readonly TaskOutcome[],
  index: number,
  script: string | null = null,
): TaskHistory {
  const settings = jobSettings(checkpoint, script);
  const attempts = checkpoint.rounds.flatMap((round) =>
    round.jobs.flatMap((job): TaskAttempt[] => {
      const position = indices(job.indices).indexOf(index);
      if (position < 0) return [];
      const task = job.array === null ? null : job.mapped ? position : index;
      const outcome = outcomesOf(round.number).find((candidate) => candidate.index === index);
      const node = outcome?.node ?? null;
      return [
        {
          round: round.number,
          level: job.level,
          rung: rungName(checkpoint, job.level),
          job: task === null || job.jobId === null ? job.jobId : `${job.jobId}_${task}`,
          state: outcome?.state ?? null,
          exit: outcome?.terminal ? outcome.exit : null,
          node,
          elapsed: outcome?.elapsed ?? null,
          maxRss: outcome?.maxRss ?? null,
          start: outcome?.start ?? null,
          end: outcome?.end ?? null,
          decided: bucketOf(round.result, index),
          output: job.jobId === null ? null : outputPath(settings, { jobId: job.jobId, task, index, node }),
        },
      ];
    }),
  );
  return { chain: checkpoint.chain, index, attempts };
}

function rungName({ ladder: { axes, levels } }: Checkpoint, level: number): string | null {
  const resources = levels[level];
  return axes === null || resources === undefined ? null : resourcesName(resources);
}

function bucketOf(result: RoundResult | null, index: number): TaskAttempt['decided'] {
  const buckets = Object.entries(result?.buckets ?? {}) as [keyof RoundResult['buckets'], string][];
  return buckets.find(([, spec]) => indices(spec).includes(index))?.[0] ?? null;
}
