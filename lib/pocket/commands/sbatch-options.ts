import { FormatError } from '../../format-error.js';
import { parseTimeLimit } from '../../slurm/duration.js';
import { formatHostList, parseHostList } from '../../slurm/host-list.js';
import { parseMemory } from '../../slurm/memory-size.js';
import type { SbatchOptionName } from '../../slurm/sbatch-option-table.js';
import { parseSbatchOptions, type SbatchOption } from '../../slurm/sbatch-options.js';
import type { Submission } from '../job.js';
import { UsageRefusal, unsupported } from '../refusal.js';
import { parseBeginTime } from './begin-time.js';
import { parseSignalRequest } from './signal-request.js';

/** What options ask for; null and empty where they say nothing. */
export interface Wish {
  name: string | null;
  account: string | null;
  qos: string | null;
  comment: string;
  array: string | null;
  partitions: string[];
  excludedNodes: string[];
  nodelist: string[];
  nodes: number | null;
  tasks: number | null;
  tasksPerNode: number | null;
  cpusPerTask: number;
  exclusive: boolean;
  memoryPerNode: number | null;
  memoryPerCpu: number | null;
  timeLimit: number | null;
  beginAt: number | null;
  deadline: number | null;
  dependency: string;
  killOnInvalidDependency: boolean;
  held: boolean;
  nice: number;
  requeue: boolean | null;
  signal: Submission['signal'];
  output: string | null;
  error: string | null;
  input: string | null;
  openMode: 'append' | 'truncate';
  workingFolder: string | null;
  export: string | null;
  wrap: string | null;
  parsable: boolean;
  quiet: boolean;
  wait: boolean;
  testOnly: boolean;
}

const NOTHING: Wish = {
  name: null,
  account: null,
  qos: null,
  comment: '',
  array: null,
  partitions: [],
  excludedNodes: [],
  nodelist: [],
  nodes: null,
  tasks: null,
  tasksPerNode: null,
  cpusPerTask: 1,
  exclusive: false,
  memoryPerNode: null,
  memoryPerCpu: null,
  timeLimit: null,
  beginAt: null,
  deadline: null,
  dependency: '',
  killOnInvalidDependency: false,
  held: false,
  nice: 0,
  requeue: null,
  signal: null,
  output: null,
  error: null,
  input: null,
  openMode: 'truncate',
  workingFolder: null,
  export: null,
  wrap: null,
  parsable: false,
  quiet: false,
  wait: false,
  testOnly: false,
};

type Reader = (value: string, now: number) => Partial<Wish>;

/** What each option adds to the wish. */
const READERS: Readonly<Partial<Record<SbatchOptionName, Reader>>> = {
  account: (account) => ({ account }),
  array: (array) => ({ array }),
  begin: (value, now) => ({ beginAt: moment('begin', value, now) }),
  chdir: (workingFolder) => ({ workingFolder }),
  comment: (comment) => ({ comment }),
  'cpus-per-task': (value) => ({ cpusPerTask: positive('cpus-per-task', value) }),
  deadline: (value, now) => ({ deadline: moment('deadline', value, now) }),
  dependency: (dependency) => ({ dependency }),
  error: (error) => ({ error }),
  exclude: (value) => ({ excludedNodes: excluded(value) }),
  exclusive: () => ({ exclusive: true }),
  export: (value) => ({ export: value }),
  hold: () => ({ held: true }),
  input: (input) => ({ input }),
  'job-name': (name) => ({ name }),
  'kill-on-invalid-dep': (value) => ({ killOnInvalidDependency: yes('kill-on-invalid-dep', value) }),
  mem: (value) => ({ memoryPerNode: memory('mem', value) }),
  'mem-per-cpu': (value) => ({ memoryPerCpu: memory('mem-per-cpu', value) }),
  // Shown, without an effect: priorities fall with the order of submission.
  nice: (value) => ({ nice: value === '' ? 100 : nice(value) }),
  'no-requeue': () => ({ requeue: false }),
  nodelist: (value) => ({ nodelist: hosts(value) }),
  nodes: (value) => ({ nodes: nodeCount(value.replace(/-\d+$/, '')) }),
  ntasks: (value) => ({ tasks: positive('ntasks', value) }),
  'ntasks-per-node': (value) => ({ tasksPerNode: positive('ntasks-per-node', value) }),
  'open-mode': (value) => ({ openMode: openMode(value) }),
  output: (output) => ({ output }),
  parsable: () => ({ parsable: true }),
  partition: (value) => ({ partitions: value.split(',').filter((name) => name !== '') }),
  qos: (qos) => ({ qos }),
  quiet: () => ({ quiet: true }),
  requeue: () => ({ requeue: true }),
  signal: (value) => ({ signal: signal(value) }),
  'test-only': () => ({ testOnly: true }),
  time: (value) => ({ timeLimit: limit(value) }),
  wait: () => ({ wait: true }),
  wrap: (wrap) => ({ wrap }),
};

/** Options without a meaning on one machine that shares nothing: accepted, so that ordinary scripts run. */
const WITHOUT_EFFECT: ReadonlySet<SbatchOptionName> = new Set([
  'acctg-freq',
  'mail-type',
  'mail-user',
  'oversubscribe',
  'spread-job',
  'verbose',
]);

/** Variables that stand for options, above the script's lines and below the command line (sbatch(1), INPUT ENVIRONMENT VARIABLES). */
const VARIABLES: Readonly<Record<string, SbatchOptionName>> = {
  SBATCH_ACCOUNT: 'account',
  SBATCH_ARRAY_INX: 'array',
  SBATCH_ERROR: 'error',
  SBATCH_EXCLUSIVE: 'exclusive',
  SBATCH_EXPORT: 'export',
  SBATCH_INPUT: 'input',
  SBATCH_JOB_NAME: 'job-name',
  SBATCH_MEM_PER_CPU: 'mem-per-cpu',
  SBATCH_MEM_PER_NODE: 'mem',
  SBATCH_NO_REQUEUE: 'no-requeue',
  SBATCH_OPEN_MODE: 'open-mode',
  SBATCH_OUTPUT: 'output',
  SBATCH_PARTITION: 'partition',
  SBATCH_QOS: 'qos',
  SBATCH_REQUEUE: 'requeue',
  SBATCH_SIGNAL: 'signal',
  SBATCH_TIMELIMIT: 'time',
  SBATCH_WAIT: 'wait',
};

export function optionsOfEnvironment(env: NodeJS.ProcessEnv): SbatchOption[] {
  return Object.entries(VARIABLES).flatMap(([variable, name]) => {
    const value = env[variable];
    return value === undefined ? [] : [{ name, value, text: [variable] }];
  });
}

/** The options of #SBATCH lines. @throws UsageRefusal in sbatch's words */
export function optionsOfScript(directives: readonly string[]): SbatchOption[] {
  try {
    return parseSbatchOptions(directives);
  } catch (error) {
    if (error instanceof FormatError) throw unknownOption(error);
    throw error;
  }
}

/** What getopt says of an option that sbatch does not have: exit 255 (measured). */
export function unknownOption(error: FormatError): UsageRefusal {
  const words = error.expected.startsWith('a value')
    ? `sbatch: option '${error.value}' requires an argument`
    : `sbatch: unrecognized option '${error.value}'`;
  return new UsageRefusal([words, 'Try "sbatch --help" for more information'], 255);
}

/**
 * What all options together ask for: of one that is said more than once the last counts.
 *
 * @param now seconds since the epoch on the scheduler's clock
 * @throws UsageRefusal for values that sbatch refuses, and for options that pocket Slurm lacks
 */
export function readWish(options: readonly SbatchOption[], now: number): Wish {
  let wish = NOTHING;
  for (const { name, value } of options) {
    const reader = READERS[name];
    if (reader !== undefined) wish = { ...wish, ...reader(value ?? '', now) };
    else if (!WITHOUT_EFFECT.has(name)) throw unsupported(`--${name}`);
  }
  return wish;
}

function positive(name: string, value: string): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (number >= 1) return number;
  throw new UsageRefusal([`error: Invalid numeric value "${value}" for --${name}.`]);
}

function nodeCount(value: string): number {
  if (value === '0')
    throw new UsageRefusal(['error: Batch job submission failed: Node count specification invalid']);
  return positive('nodes', value);
}

/** Of a value that is no value at all sbatch says little, and exits with 255 (measured). */
function invalid(name: string, ...before: string[]): UsageRefusal {
  return new UsageRefusal([...before, `error: Invalid --${name} specification`], 255);
}

function yes(name: string, value: string): boolean {
  if (/^y(es)?$/i.test(value)) return true;
  if (/^no?$/i.test(value)) return false;
  throw invalid(name);
}

function moment(name: string, value: string, now: number): number {
  const time = parseBeginTime(value, now);
  if (time === null) throw invalid(name, `Invalid time specification (pos=0): ${value}`);
  return time;
}

function nice(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && Math.abs(number) < 2 ** 31) return number;
  throw new UsageRefusal([`error: Invalid --nice value: ${value}`]);
}

function signal(value: string): NonNullable<Submission['signal']> {
  const request = parseSignalRequest(value);
  if (request === null) throw invalid('signal');
  return request;
}

function hosts(value: string): string[] {
  try {
    return parseHostList(value);
  } catch {
    throw new UsageRefusal(['error: Batch job submission failed: Invalid node name specified']);
  }
}

/** sbatch sorts and folds what it is told, scontrol does not (measured). */
function excluded(value: string): string[] {
  const names = hosts(value);
  return names.length === 0 ? [] : [formatHostList(names)];
}

/** Whole megabytes: sbatch rounds up. It takes no fractions, which sacct prints. */
function memory(name: string, value: string): number {
  try {
    if (value.includes('.')) throw invalid(name);
    const { bytes } = parseMemory(value);
    return Math.ceil(bytes / 2 ** 20) * 2 ** 20;
  } catch {
    throw invalid(name);
  }
}

function limit(value: string): number {
  try {
    return parseTimeLimit(value);
  } catch {
    throw invalid('time');
  }
}

function openMode(value: string): 'append' | 'truncate' {
  if (/^a(ppend)?$/i.test(value)) return 'append';
  if (/^t(runcate)?$/i.test(value)) return 'truncate';
  throw invalid('open-mode');
}
