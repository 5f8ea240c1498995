import { userInfo } from 'node:os';
import { parseJobId } from '../../slurm/job-id.js';
import { parseJobState } from '../../slurm/job-state.js';
import { UsageRefusal, unsupported } from '../refusal.js';
import type { CommandContext } from './command.js';
import type { JobRecord } from './job-record.js';
import { listed, readOptions } from './options.js';
import { namedTable, percentTable } from './percent-format.js';
import { controllerRecords } from './records.js';
import { priority, type QueueLine, SQUEUE_COLUMNS, SQUEUE_NAMED_COLUMNS } from './squeue-columns.js';

const OPTIONS = {
  array: { type: 'boolean', short: 'r' },
  'array-unique': { type: 'boolean' },
  format: { type: 'string', short: 'o' },
  Format: { type: 'string', short: 'O' },
  all: { type: 'boolean', short: 'a' },
  jobs: { type: 'string', short: 'j', multiple: true },
  json: { type: 'boolean' },
  long: { type: 'boolean', short: 'l' },
  me: { type: 'boolean' },
  name: { type: 'string', short: 'n' },
  noheader: { type: 'boolean', short: 'h' },
  nodelist: { type: 'string', short: 'w' },
  partition: { type: 'string', short: 'p' },
  sort: { type: 'string', short: 'S' },
  states: { type: 'string', short: 't' },
  user: { type: 'string', short: 'u' },
} as const;

const DEFAULT_FORMAT = '%.18i %.9P %.8j %.8u %.2t %.10M %.6D %R';
const LONG_FORMAT = '%.18i %.9P %.8j %.8u %.8T %.10M %.9l %.6D %R';

/** What the queue shows unless --states asks for more, also of jobs that are named: those that are not over. */
const NOT_OVER = new Set(['PENDING', 'RUNNING', 'SUSPENDED', 'COMPLETING', 'CONFIGURING']);

/** squeue: the jobs that the controller knows. */
export async function squeue(argv: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = readOptions('squeue', argv, OPTIONS);
  if (positionals.length > 0) throw new UsageRefusal([`error: Unrecognized option: ${positionals[0]}`]);
  if (values.sort !== undefined) throw unsupported('--sort');
  const { env, out, state } = context;
  const now = state.clock.now();
  const wanted = listed(values.jobs).map(parseWantedJob);
  const targets = wanted.map(({ job, task }) => ({ job, index: task }));
  const records = controllerRecords(state, now, {
    split:
      values.array === true ? 'all' : new Set(wanted.flatMap(({ job, task }) => (task === null ? [] : job))),
    ...(wanted.length > 0 ? { targets } : {}),
  });
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1 && records.length === 0 && !isKnown(state, only, now)) {
    throw new UsageRefusal(['slurm_load_jobs error: Invalid job id specified']);
  }
  const states = wantedStates(values.states);
  const users = values.me === true ? [userInfo().username] : listed(values.user);
  const shown = records
    .filter(({ state: word }) => states === null || states.has(word))
    .filter(({ user, submission }) => among(users, user, String(submission.uid)))
    .filter(({ name }) => among(listed(values.name), name))
    .filter(({ partitions }) => among(listed(values.partition), ...partitions))
    .filter(({ nodes }) => among(listed(values.nodelist), ...nodes))
    .sort(inQueueOrder);
  if (values.json === true) {
    const { queueJson } = await import('./squeue-json.js');
    out(queueJson(shown));
    return 0;
  }
  const lines = shown.map((record): QueueLine => ({ record, now, env }));
  const heading = values.noheader !== true;
  if (values.long === true && heading) out(`${new Date(now * 1000).toString().slice(0, 24)}\n`);
  for (const line of table(values, env, lines, heading)) out(`${line}\n`);
  return 0;
}

function table(
  values: { Format?: string | undefined; format?: string | undefined; long?: boolean | undefined },
  env: NodeJS.ProcessEnv,
  lines: readonly QueueLine[],
  heading: boolean,
): string[] {
  const named = values.Format ?? (values.format === undefined ? env.SQUEUE_FORMAT2 : undefined);
  if (named !== undefined) {
    const missing = (name: string) => {
      throw unsupported(`the column ${name} of --Format`);
    };
    return namedTable(named, SQUEUE_NAMED_COLUMNS, lines, { heading, missing });
  }
  const missing = (letter: string) => {
    throw unsupported(`%${letter} in --format`);
  };
  const format =
    values.format ?? (values.long === true ? LONG_FORMAT : (env.SQUEUE_FORMAT ?? DEFAULT_FORMAT));
  return percentTable(format, SQUEUE_COLUMNS, lines, { heading, missing });
}

/** No names ask for everything. */
function among(wanted: readonly string[], ...names: readonly string[]): boolean {
  return wanted.length === 0 || names.some((name) => wanted.includes(name));
}

interface WantedJob {
  job: number;
  task: number | null;
}

function parseWantedJob(word: string): WantedJob {
  try {
    const id = parseJobId(word);
    return { job: id.job, task: id.kind === 'task' ? id.task : null };
  } catch {
    throw new UsageRefusal([`error: Invalid job id: ${word}`]);
  }
}

/** A task that its array does not have is no error. */
function isKnown(state: CommandContext['state'], { job, task }: WantedJob, now: number): boolean {
  return task !== null && controllerRecords(state, now, { split: 'none', jobs: [job] }).length > 0;
}

const VALID_STATES =
  'PENDING,RUNNING,SUSPENDED,COMPLETED,CANCELLED,FAILED,TIMEOUT,NODE_FAIL,PREEMPTED,BOOT_FAIL,DEADLINE,OUT_OF_MEMORY,COMPLETING,CONFIGURING,RESIZING,RESV_DEL_HOLD,REQUEUED,REQUEUE_FED,REQUEUE_HOLD,REVOKED,SIGNALING,SPECIAL_EXIT,STAGE_OUT,STOPPED';

/** @returns null for all of them */
function wantedStates(text: string | undefined): ReadonlySet<string> | null {
  if (text === undefined) return NOT_OVER;
  if (/^all$/i.test(text)) return null;
  return new Set(
    listed(text).map((word) => {
      const { state } = parseJobState(word);
      if (state === 'UNKNOWN') {
        throw new UsageRefusal([
          `error: Invalid job state specified: ${word}`,
          `error: Valid job states include: ${VALID_STATES}`,
        ]);
      }
      return state;
    }),
  );
}

/** By partition, what waits before what runs, then by priority: squeue's `P,t,-p`. */
function inQueueOrder(a: JobRecord, b: JobRecord): number {
  return (
    (a.partitions[0] ?? '').localeCompare(b.partitions[0] ?? '') ||
    Number(b.state === 'PENDING') - Number(a.state === 'PENDING') ||
    priority(b) - priority(a) ||
    a.job - b.job ||
    firstIndex(b) - firstIndex(a) ||
    0
  );
}

/** The pending rest comes before tasks. */
function firstIndex({ part }: JobRecord): number {
  if (part.kind === 'rest') return Number.MAX_SAFE_INTEGER;
  return part.kind === 'task' ? -part.index : 0;
}
