import type { CommandSpec } from '../command.js';

/** The command line of pocket-slurm. */
export const POCKET_SLURM: CommandSpec = {
  name: 'pocket-slurm',
  interspersed: true,
  summary: 'the embedded scheduler: sbatch, squeue, sacct … over this machine, without Slurm',
  usage: [
    'eval "$(pocket-slurm env)"',
    'pocket-slurm start | stop | status | reset | env',
    'pocket-slurm lose-node <node> | restore-node <node>',
    'pocket-slurm fault [<name>=<number>...] [--clear]',
  ],
  groups: [
    {
      title: 'Options',
      options: [
        { name: 'clear', help: 'with fault: all switches off' },
        { name: 'format', alias: 'f', value: 'format', choices: ['text', 'json'], help: 'output of status' },
        { name: 'debug', help: 'stack traces of errors' },
        { name: 'help', alias: 'h', help: 'this text' },
      ],
    },
  ],
  notes: [
    {
      title: 'Commands',
      lines: [
        'start         make the state folder and start the background process (the first sbatch does both by itself)',
        'stop          cancel all jobs, end the background process',
        'status        what runs, and where the state is',
        'reset         stop, and forget everything: jobs, accounting, settings',
        'env           the exports that put the programs on PATH',
        'lose-node     the node is gone: its jobs end as NODE_FAIL, or are requeued if they may be',
        'restore-node  it is back',
        'fault         make it fail as real clusters do, for tests (docs: lib/pocket/README.md)',
      ],
    },
    {
      title: 'What it is',
      lines: [
        'Programs named sbatch, squeue, sacct, scancel, scontrol, sinfo and srun that behave as those of Slurm 22.05:',
        'arrays, dependencies, memory and time limits on real processes, requeue, accounting. Options that it lacks',
        'are refused by name. The background process ends by itself when nothing is left to do.',
      ],
    },
    {
      title: 'Environment',
      lines: [
        'AFTEROK_POCKET_STATE    state folder, on a local disk (default: afterok-pocket-UID in $XDG_RUNTIME_DIR or $TMPDIR)',
        'AFTEROK_POCKET_CLUSTER  nodes, partitions and limits (default: config/pocket/cluster.yaml, 18 nodes)',
        'AFTEROK_TIME_SCALE      60: a minute of a time limit passes in a second',
        'The last two count when the state folder is made.',
      ],
    },
  ],
  examples: [
    {
      text: 'a shell in which sbatch is ours',
      command: 'eval "$(pocket-slurm env)" && sbatch --wrap hostname',
    },
    {
      text: 'a ladder tried in seconds',
      command: 'AFTEROK_TIME_SCALE=60 mem-escalate --local -a 0-19 my-job.sh',
    },
    { text: 'a node dies', command: 'pocket-slurm lose-node n1' },
    { text: 'accounting lags five seconds', command: 'pocket-slurm fault accounting_lag=5' },
  ],
};
