import type { Values } from '../tree/command.js';
import { decimal, flag, integer, path } from '../tree/option.js';
import type { ClientSettings } from './settings.js';

/** How a workflow is run on this machine. */
export const RUN_OPTIONS = {
  'max-parallel-jobs': integer('Jobs at a time, whatever they need; what they need is counted unless given', {
    least: 1,
  }),
  'num-cpus': integer('CPUs for jobs; all of this machine unless given', { least: 1 }),
  'memory-gb': decimal('Memory for jobs in GiB; all of this machine unless given'),
  'num-gpus': integer('GPUs for jobs; all of this machine unless given'),
  'poll-interval': decimal('Seconds between two looks at the server while nothing happens here', {
    alias: 'p',
  }),
  'output-dir': path('Where jobs and the runner leave what they print', { alias: 'o', completion: 'folder' }),
  'fail-on-job-failure': flag('Exit with 1 if a job failed'),
};

export type RunValues = Values<typeof RUN_OPTIONS>;

/** What the options say, and the configuration where they say nothing. */
export function runOptions(values: RunValues, { run }: ClientSettings) {
  return {
    maxParallelJobs: values.maxParallelJobs ?? run.maxParallelJobs,
    pollInterval: values.pollInterval ?? run.pollInterval,
    outputDir: values.outputDir ?? run.outputDir,
    capacity: {
      cpus: values.numCpus ?? run.numCpus,
      memoryGib: values.memoryGb ?? run.memoryGb,
      gpus: values.numGpus ?? run.numGpus,
    },
  };
}

export type RunOptions = ReturnType<typeof runOptions>;
