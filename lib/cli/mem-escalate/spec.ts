import type { CommandSpec } from '../command.js';

/** The command line of mem-escalate. */
export const MEM_ESCALATE: CommandSpec = {
  name: 'mem-escalate',
  summary: 'submit a Slurm job array whose failed tasks come back with more memory or time',
  usage: [
    'mem-escalate [options] <script> [script-args...]',
    'mem-escalate --status <chain> [--watch [sec]]',
    'mem-escalate --list | --cancel <chain> | --resume <chain> | --report <chain>',
    'mem-escalate compress [index...]  |  mem-escalate expand <spec>',
    'mem-escalate doctor | advise <script|chain> | simulate --history <file|chain> --config <ladder>',
  ],
  groups: [
    {
      title: 'Submitting',
      options: [
        { name: 'array', alias: 'a', value: 'spec', help: 'submit as array job, e.g. 0-999 or 1,3,5-7:2' },
        { name: 'throttle', alias: 't', value: 'n', help: 'limit concurrent array tasks' },
        { name: 'config', alias: 'c', value: 'file', help: 'ladder file (see Files)' },
        {
          name: 'export',
          alias: 'e',
          value: 'vars',
          many: true,
          help: 'variables for the job: NAME=VALUE, or NAME to take it from your environment',
        },
        {
          name: 'max-level',
          alias: 'l',
          value: 'n',
          help: 'highest level to climb to, or rung of each axis; both count from 0',
        },
        { name: 'start-mem', value: 'mem', help: 'start at the level with this memory, e.g. 4G' },
        { name: 'max-attempts', value: 'n', help: 'cap on the attempts of all tasks together' },
        { name: 'max-core-hours', value: 'h', help: 'cap on elapsed times CPUs of all attempts' },
        {
          name: 'max-wall',
          value: 'time',
          help: 'no round starts later after the submission, e.g. 7-00:00:00',
        },
        { name: 'partition', alias: 'p', value: 'names', help: 'run every level in these partitions' },
        {
          name: 'sbatch',
          value: 'options',
          many: true,
          help: 'pass the options that follow on to sbatch: --sbatch --qos=high --nice',
        },
        { name: 'dry-run', help: 'print the sbatch lines of the first round, submit nothing' },
        { name: 'wait', help: 'wait for the end; exit 0 only if every task completed' },
        { name: 'no-wait', help: 'return at once, also on a terminal' },
        { name: 'parsable', help: 'print only the chain id' },
      ],
    },
    {
      title: 'Looking',
      options: [
        { name: 'status', alias: 's', value: 'chain', help: 'show the status of a chain' },
        {
          name: 'watch',
          alias: 'w',
          value: 'sec',
          optional: true,
          help: 'with --status: refresh until the chain ends (default 5 s)',
        },
        {
          name: 'task',
          value: 'index',
          help: 'with --status: every attempt of one task, with its output file',
        },
        { name: 'list', help: 'list all chains' },
        { name: 'report', value: 'chain', optional: true, help: 'markdown report of a chain' },
        { name: 'detailed', help: 'with --report: states, runtimes and nodes of every round' },
        { name: 'all', help: 'with --report: every chain' },
        { name: 'output', alias: 'o', value: 'file', help: 'with --report: write to this file' },
      ],
    },
    {
      title: 'Acting',
      options: [
        { name: 'cancel', value: 'chain', help: 'cancel everything of a chain and end it' },
        { name: 'resume', value: 'chain', help: 'take up a chain that is stalled, blocked or stopped' },
        { name: 'rebuild-db', help: 'make the history database anew from the checkpoints' },
      ],
    },
    {
      title: 'General',
      options: [
        {
          name: 'format',
          alias: 'f',
          value: 'format',
          choices: ['text', 'json'],
          help: 'output of --status, --list, --report and submission',
        },
        {
          name: 'tracker',
          value: 'dir',
          help: 'folder of checkpoints (default: $AFTEROK_TRACKER, else ~/.local/state/afterok)',
        },
        {
          name: 'local',
          help: 'use the embedded scheduler of this machine (as AFTEROK_LOCAL=1; pocket-slurm --help)',
        },
        { name: 'debug', help: 'stack traces of errors' },
        { name: 'help', alias: 'h', help: 'this text' },
        { name: 'version', help: 'the version' },
      ],
    },
  ],
  notes: [
    {
      title: 'Files',
      lines: [
        'The ladder is the file of --config, else $AFTEROK_CONFIG, else escalation-config.yaml or escalation-target.yaml',
        'in this folder, else ~/.config/afterok/escalation-config.yaml, else the one that comes with afterok.',
      ],
    },
    {
      title: 'Notes',
      lines: [
        'Commas separate the variables of --export; a comma inside a value is kept unless NAME= follows it.',
        'Give the name alone to pass a value of any bytes from your environment.',
        '#SBATCH lines of the script are honoured; the ladder stands above them, your options above the ladder.',
        'The job sees MEM_ESCALATE_LEVEL (on a ladder of axes its rung of memory, and MEM_ESCALATE_TIME_LEVEL) and',
        'MEM_ESCALATE_CHAIN_ID.',
      ],
    },
  ],
  examples: [
    {
      text: 'a thousand tasks, at most 50 at a time',
      command: 'mem-escalate --array=0-999 --throttle=50 my-job.sh',
    },
    {
      text: 'with a ladder of your own, and an argument',
      command: 'mem-escalate -c ladder.yaml -a 0-99 my-job.sh "data set 1"',
    },
    { text: 'see what would be submitted', command: 'mem-escalate --dry-run -a 0-99 my-job.sh' },
    {
      text: 'in a script: wait, and fail if a task failed',
      command: 'mem-escalate --wait --parsable -a 0-99 my-job.sh',
    },
    { text: 'what became of it', command: 'mem-escalate --report 20251224-053904-t0l3 --detailed' },
    { text: 'whether this site is fit for chains (doctor --help)', command: 'mem-escalate doctor --probe' },
    {
      text: 'a better ladder from what past tasks used (advise --help)',
      command: 'mem-escalate advise my-job.sh -o ladder.yaml',
    },
    {
      text: 'what another ladder would have cost (simulate --help)',
      command: 'mem-escalate simulate --history 20251224-053904-t0l3 --config ladder.yaml',
    },
  ],
};
