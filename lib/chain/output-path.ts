import { resolve } from 'node:path';
import { FormatError } from '../format-error.js';
import { readBatchScript } from '../slurm/batch-script.js';
import { findOption, parseSbatchOptions, type SbatchOption } from '../slurm/sbatch-options.js';
import type { Checkpoint } from './checkpoint.js';

/** What the names of a chain's output files are made from. */
export interface OutputSettings {
  /** sbatch's pattern; null for Slurm's default. */
  pattern: string | null;
  /** The working folder of the jobs. */
  folder: string;
  /** Null when it is not known. */
  jobName: string | null;
  user: string;
}

/** The attempt whose output is looked for. */
export interface OutputTask {
  /** The array's job id, or that of a single job. */
  jobId: string;
  /** The task number that Slurm knows; null for a single job. */
  task: number | null;
  /** The true index; differs from `task` in a mapped array job, whose wrapper renames the file after it. */
  index: number;
  /** Node names as Slurm prints them. */
  node: string | null;
}

/**
 * @param script the kept copy of the script, whose `#SBATCH` lines may set the job name and the folder; null when it
 *   cannot be read: the folder is then taken to be that of the submission, and the job name is not known unless the
 *   options give it
 */
export function jobSettings({ request, user }: Checkpoint, script: string | null): OutputSettings {
  const given = [...directivesOf(script), ...parseSbatchOptions(request.options)];
  const named = findOption(given, 'job-name')?.value ?? null;
  return {
    pattern: request.output,
    folder: resolve(request.cwd, findOption(given, 'chdir')?.value ?? '.'),
    jobName: named ?? (script === null ? null : request.script.name),
    user,
  };
}

function directivesOf(script: string | null): SbatchOption[] {
  if (script === null) return [];
  try {
    return parseSbatchOptions(readBatchScript(script).directives.flatMap((directive) => directive.tokens));
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

/** slurmd pads to this width at most (sbatch manual, "filename pattern"). */
const MAX_WIDTH = 10;

/** What slurmd prints for `%a` outside of arrays: NO_VAL. */
const NO_TASK = 4_294_967_294;

/**
 * The absolute path of an attempt's output file, as slurmd makes it from sbatch's pattern. What is not known stays:
 * `%j` of an array task (each runs under a number of its own, which only the controller knew), `%x` without job name,
 * `%N` without node, and `%J` and `%s`, in which versions of Slurm differ.
 */
export function outputPath(settings: OutputSettings, task: OutputTask): string {
  const pattern = settings.pattern ?? (task.task === null ? 'slurm-%j.out' : 'slurm-%A_%a.out');
  // A backslash anywhere switches all symbols off, and is dropped itself.
  if (pattern.includes('\\')) return resolve(settings.folder, pattern.replace(/\\(.?)/g, '$1'));
  const name = pattern.replace(/%(?:%|(\d*)([a-zA-Z]))/g, (symbol, width?: string, letter?: string) => {
    if (letter === undefined) return '%';
    const value = symbolValue(letter, settings, task);
    if (value === null) return symbol;
    return typeof value === 'number'
      ? String(value).padStart(Math.min(Number(width), MAX_WIDTH), '0')
      : value;
  });
  return resolve(settings.folder, name);
}

/** Numbers are padded, texts are not; null for what is not known. */
function symbolValue(letter: string, settings: OutputSettings, task: OutputTask): number | string | null {
  switch (letter) {
    case 'A':
      return Number(task.jobId);
    case 'a':
      return task.task === null ? NO_TASK : task.index;
    case 'b':
      return (task.task ?? NO_TASK) % 10;
    case 'j':
      return task.task === null ? Number(task.jobId) : null;
    case 'N':
      return task.node === null ? null : firstNode(task.node);
    // The batch script is task 0 on node 0 of its job.
    case 'n':
    case 't':
      return 0;
    case 'u':
      return settings.user;
    case 'x':
      return settings.jobName;
    default:
      return null;
  }
}

/** The batch script runs on the first node: `d[1-2,5]` is `d1`. */
function firstNode(nodes: string): string {
  const [, prefix = nodes, number = ''] = /^([^[,]*)(?:\[(\d+))?/.exec(nodes) ?? [];
  return `${prefix}${number}`.split('.')[0] ?? nodes;
}
