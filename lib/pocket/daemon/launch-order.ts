import { resolve } from 'node:path';
import type { Launch } from '../executor.js';
import { defaultOutput, expandFilePattern, type PatternNames } from './file-pattern.js';
import { type LaunchedJob, runEnvironment } from './job-environment.js';
import { runName } from './runs-log.js';

/** The files of a job that the launcher reads. */
export interface JobFiles {
  script: string;
  environment: string;
}

/** What a run reads and writes; `error` is null when it goes where output goes. */
export interface RunFiles {
  input: string;
  output: string;
  error: string | null;
}

/** The standard files of a run, absolute. */
export function runFiles(job: LaunchedJob, launch: Launch): RunFiles {
  const { submission } = job;
  const array = launch.arrayIndex === null ? null : { job: launch.job, index: launch.arrayIndex };
  const names: PatternNames = {
    rawId: launch.run.rawId,
    array,
    jobName: job.name,
    user: job.user,
    node: launch.nodes[0] ?? '',
  };
  const file = (pattern: string) => resolve(submission.workingFolder, expandFilePattern(pattern, names));
  return {
    input: submission.input === null ? '/dev/null' : file(submission.input),
    output: file(submission.output ?? defaultOutput(array !== null)),
    error: submission.error === null ? null : file(submission.error),
  };
}

/** What the daemon has set apart for a run. */
export interface RunPlace {
  /** Name of the log that its supervisor writes to. */
  log: string;
  /** Its control group; '' for none. */
  group: string;
}

/** One order for the launcher: four bytes of length, then fields that NUL separates; launcher.pl reads it. */
export function launchOrder(
  job: LaunchedJob,
  launch: Launch,
  files: JobFiles,
  { log, group }: RunPlace,
): Buffer {
  const { submission } = job;
  const { input, output, error } = runFiles(job, launch);
  const fields = [
    log,
    files.environment,
    runName(launch.run),
    files.script,
    submission.workingFolder,
    submission.umask.toString(8),
    input,
    output,
    error ?? '',
    submission.openMode,
    group,
    String(submission.args.length),
    ...submission.args,
    ...runEnvironment(job, launch),
  ];
  const order = Buffer.from(fields.join('\0'));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(order.length);
  return Buffer.concat([length, order]);
}

/** The order after which the launcher ends; orders before it are carried out. */
export const LEAVE = Buffer.alloc(4);
