import type { CommandSpec } from '../command.js';

/** The command line of clean-slurm. */
export const CLEAN_SLURM: CommandSpec = {
  name: 'clean-slurm',
  summary: 'forget everything: for a clean start on a test cluster',
  usage: ['clean-slurm [options]'],
  groups: [
    {
      title: 'Options',
      options: [
        { name: 'yes', alias: 'y', help: 'do it without asking' },
        { name: 'dry-run', help: 'say what would be done' },
        {
          name: 'outputs',
          value: 'dir',
          help: 'folder whose *.out files are removed (default: this folder)',
        },
        { name: 'tracker', value: 'dir', help: 'tracker folder to clear (default: as mem-escalate)' },
        { name: 'debug', help: 'stack traces of errors' },
        { name: 'help', alias: 'h', help: 'this text' },
      ],
    },
  ],
  notes: [
    {
      title: 'What it does',
      lines: [
        'cancels all of your jobs;',
        'removes *.out in the folder of outputs;',
        'clears the tracker: checkpoints, chain folders and the history database;',
        'empties the job history of accounting, on the test cluster of docker/ only.',
      ],
    },
  ],
  examples: [
    { text: 'what would go', command: 'clean-slurm --dry-run' },
    { text: 'in a script', command: 'clean-slurm --yes --outputs /data' },
  ],
};
