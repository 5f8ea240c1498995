import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { TaskState } from '../job.js';
import { Refusal, UsageRefusal } from '../refusal.js';
import { cancel, signal } from '../scheduler/control.js';
import { type TaskFilter, type TaskTarget, tasks } from '../state/queries.js';
import type { CommandContext } from './command.js';
import { parseJobTargets } from './job-target.js';
import { type ReadOptions, readOptions } from './options.js';
import { signalNumber } from './signal-request.js';

const OPTIONS = {
  batch: { type: 'boolean', short: 'b' },
  full: { type: 'boolean', short: 'f' },
  jobname: { type: 'string', short: 'n' },
  me: { type: 'boolean' },
  name: { type: 'string' },
  partition: { type: 'string', short: 'p' },
  quiet: { type: 'boolean', short: 'Q' },
  signal: { type: 'string', short: 's' },
  state: { type: 'string', short: 't' },
  user: { type: 'string', short: 'u' },
  verbose: { type: 'boolean', short: 'v' },
} as const;

type Values = ReadOptions<typeof OPTIONS>['values'];

/** The states that scancel can ask for. */
const STATES: Readonly<Record<string, readonly TaskState[]>> = {
  PENDING: ['PENDING'],
  PD: ['PENDING'],
  RUNNING: ['RUNNING'],
  R: ['RUNNING'],
  SUSPENDED: [],
  S: [],
};

/** scancel: ends jobs, or sends them a signal. Jobs that are gone or over are passed over silently. */
export async function scancel(argv: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = readOptions('scancel', argv, OPTIONS);
  const { state, err, wake } = context;
  const number = values.signal === undefined ? null : signalNumber(values.signal);
  if (values.signal !== undefined && number === null)
    throw new UsageRefusal([`Unknown job signal: ${values.signal}`]);
  const filter = filterOf(values);
  if (filter === null && positionals.length === 0)
    throw new UsageRefusal(['error: No job identification provided']);
  const named = positionals.map((word) => targetsOf(word));
  const now = state.clock.now();
  const targets = filter === null ? named.flat() : narrowed(filter, named.flat(), context, now);
  if (values.verbose === true) for (const word of positionals) err(`scancel: Terminating job ${word}\n`);
  if (number === null) cancel(state, targets, { uid: process.getuid?.() ?? 0, now });
  else {
    const exitCode = sendSignal(number, values, named, positionals, targets, context, now);
    if (exitCode !== 0) return exitCode;
  }
  wake();
  return 0;
}

function sendSignal(
  number: number,
  values: Values,
  named: readonly (readonly TaskTarget[])[],
  words: readonly string[],
  targets: readonly TaskTarget[],
  { state, err }: CommandContext,
  now: number,
): number {
  const unknown = words.findIndex(
    (_, place) => tasks(state, 'controller', { targets: named[place] ?? [] }, now).length === 0,
  );
  if (unknown !== -1 && values.quiet !== true) {
    err(`scancel: error: Kill job error on job id ${words[unknown]}: Invalid job id specified\n`);
    return 1;
  }
  const scope = values.batch === true ? 'batch' : values.full === true ? 'all' : 'steps';
  signal(state, targets, { signal: number, scope }, now);
  return 0;
}

function targetsOf(word: string): TaskTarget[] {
  try {
    return parseJobTargets(word);
  } catch (error) {
    if (error instanceof Refusal) throw new UsageRefusal([`error: Invalid job id ${word}`]);
    throw error;
  }
}

/** What options ask for besides ids; null when they ask for nothing. */
function filterOf(values: Values): TaskFilter | null {
  const list = (text: string | undefined) => text?.split(',');
  const names = list(values.name ?? values.jobname);
  const partitions = list(values.partition);
  const users = values.me === true ? [userInfo().username] : list(values.user)?.map(userNamed);
  const states = list(values.state)?.flatMap((word) => {
    const known = STATES[word.toUpperCase()];
    if (known === undefined)
      throw new UsageRefusal([
        `Invalid job state specified: ${word}`,
        'Valid job states are PENDING, RUNNING, and SUSPENDED',
      ]);
    return known;
  });
  if ([names, partitions, users, states].every((one) => one === undefined)) return null;
  return {
    ...(names === undefined ? {} : { names }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(users === undefined ? {} : { users }),
    states: states ?? ['PENDING', 'RUNNING'],
  };
}

/** Jobs here are of one user: of all others it is enough to know whether they are there. */
function userNamed(name: string): string {
  const { username, uid } = userInfo();
  if (name === username || name === String(uid)) return username;
  const known = readFileSync('/etc/passwd', 'utf8').split('\n');
  if (known.some((line) => line.startsWith(`${name}:`) || line.split(':')[2] === name)) return name;
  throw new UsageRefusal([`error: Invalid user name: ${name}`]);
}

/** Whole jobs where every task of them is meant, else task by task. */
function narrowed(
  filter: TaskFilter,
  named: readonly TaskTarget[],
  { state }: CommandContext,
  now: number,
): TaskTarget[] {
  const found = tasks(state, 'controller', named.length > 0 ? { ...filter, targets: named } : filter, now);
  const whole = filter.states === undefined || filter.states.length > 1;
  if (whole && named.length === 0)
    return [...new Set(found.map(({ job }) => job))].map((job) => ({ job, index: null }));
  return found.map(({ job, index }) => ({ job, index }));
}
