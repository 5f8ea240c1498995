import type { CommandSpec, OptionSpec } from '../command.js';

const LADDER: OptionSpec = {
  name: 'config',
  alias: 'c',
  value: 'file',
  help: 'ladder file (default: as for submitting)',
};

const GENERAL: readonly OptionSpec[] = [
  { name: 'format', alias: 'f', value: 'format', choices: ['text', 'json'], help: 'output' },
  {
    name: 'tracker',
    value: 'dir',
    help: 'folder of checkpoints (default: $AFTEROK_TRACKER, else ~/.local/state/afterok)',
  },
  { name: 'debug', help: 'stack traces of errors' },
  { name: 'help', alias: 'h', help: 'this text' },
];

export const DOCTOR: CommandSpec = {
  name: 'mem-escalate doctor',
  summary: 'ask the site for what matters to chains',
  usage: ['mem-escalate doctor [options]'],
  interspersed: true,
  groups: [
    {
      title: 'Options',
      options: [
        LADDER,
        { name: 'probe', help: 'submit one tiny job that looks at a compute node, and wait for it' },
        { name: 'patience', value: 'sec', help: 'with --probe: seconds to wait for the job (default 120)' },
        ...GENERAL,
      ],
    },
  ],
  notes: [
    {
      title: 'What it prints',
      lines: [
        'One line a check: ok, warn (chains work, but worse than they could) or bad (they do not work reliably); what',
        'was found, what it means, what to do. Exit code 1 if anything is bad.',
      ],
    },
  ],
  examples: [
    { text: 'before the first chain on a cluster', command: 'mem-escalate doctor -c ladder.yaml --probe' },
    {
      text: 'in a script',
      command: 'mem-escalate doctor -f json | jq ".checks[] | select(.grade != \\"ok\\")"',
    },
  ],
};

export const ADVISE: CommandSpec = {
  name: 'mem-escalate advise',
  summary: 'a ladder from what past tasks used',
  usage: ['mem-escalate advise [options] <script|chain>'],
  interspersed: true,
  groups: [
    {
      title: 'Options',
      options: [
        {
          ...LADDER,
          help: 'the present ladder (default: that of the chain, of the newest one for a script)',
        },
        { name: 'levels', value: 'n', help: 'at most so many levels (default: as the present ladder)' },
        { name: 'headroom', value: 'percent', help: 'added to what was observed (default 10%)' },
        {
          name: 'gb-per-core',
          value: 'n',
          help: 'GB of memory that are worth as much as a core (default 4)',
        },
        {
          name: 'reserved',
          value: 'percent',
          help: 'worth of time limit that is not used, beside time that is (default 5%)',
        },
        { name: 'output', alias: 'o', value: 'file', help: 'write the proposed ladder to this file' },
        ...GENERAL,
      ],
    },
  ],
  notes: [
    {
      title: 'What it rests on',
      lines: [
        'A script stands for every chain of the tracker that ran it: the same file name, or the same content.',
        'Percentiles are of completed tasks. An attempt that was out of memory or time is a lower bound of its task.',
        'The proposal is the ladder of the lowest price over these tasks, exactly, of sizes that were observed, with',
        'headroom and rounded up: core-hours and GB-hours of all attempts, and a little for reserved time.',
      ],
    },
  ],
  examples: [
    { text: 'for a script that has run before', command: 'mem-escalate advise my-job.sh -o ladder.yaml' },
    { text: 'from one chain, two levels', command: 'mem-escalate advise 20251224-053904-t0l3 --levels 2' },
  ],
};

export const SIMULATE: CommandSpec = {
  name: 'mem-escalate simulate',
  summary: 'what a ladder would have cost on a history',
  usage: ['mem-escalate simulate --history <file|chain> --config <ladder> [options]'],
  interspersed: true,
  groups: [
    {
      title: 'Options',
      options: [
        { name: 'history', value: 'file|chain', help: 'a chain, or a file of tasks (see Files of history)' },
        { ...LADDER, help: 'the ladder to try' },
        { name: 'max-level', alias: 'l', value: 'n', help: 'highest level to climb to; levels count from 0' },
        { name: 'start-mem', value: 'mem', help: 'start at the level with this memory, e.g. 4G' },
        { name: 'slots', value: 'n', help: 'tasks that run at once (default: all), for the time it takes' },
        ...GENERAL,
      ],
    },
  ],
  notes: [
    {
      title: 'Files of history',
      lines: [
        'CSV with a head line, the output of sacct -P, or one JSON object a line. Columns, in any order:',
        '  index     the task; or JobID as sacct prints it. Rows of one index are attempts of one task.',
        '  memory    what it used, as for --mem (a bare number is megabytes); or MaxRSS as sacct prints it',
        '  elapsed   seconds, or [D-]HH:MM:SS; or ElapsedRaw',
        '  cpus      CPUs that it had (AllocCPUS, NCPUS); 1 when it is not there',
        '  state     how the attempt ended, in the words of Slurm; COMPLETED when it is not there',
        '  ReqMem    what it had asked for',
      ],
    },
  ],
  examples: [
    {
      text: 'another ladder for a chain',
      command: 'mem-escalate simulate --history 20251224-053904-t0l3 -c new.yaml',
    },
    {
      text: 'an array that ran without a chain',
      command: 'sacct -P -j 806 -o JobID,State,MaxRSS,ElapsedRaw,AllocCPUS,ReqMem >past.txt',
    },
    {
      text: 'and what the ladder would have made of it',
      command: 'mem-escalate simulate --history past.txt -c new.yaml',
    },
  ],
};
