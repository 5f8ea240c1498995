import { formatHostList } from '../../slurm/host-list.js';
import {
  arrayIndices,
  commandText,
  endTime,
  type JobRecord,
  memoryText,
  nodesOrReason,
  recordId,
  stateCode,
  timeUsed,
} from './job-record.js';
import type { Column } from './percent-format.js';
import { formatShortElapsed, formatTime } from './times.js';

/** A record, and when and for whom it is shown. */
export interface QueueLine {
  record: JobRecord;
  now: number;
  env: NodeJS.ProcessEnv;
}

/** Priority falls with the order of submission, as priority/basic has it; a held job has none. */
const HIGHEST_PRIORITY = 4_294_901_760;

const column = (heading: string, value: (line: QueueLine) => string): Column<QueueLine> => ({
  heading,
  value,
});

const time = (at: number | null, { env }: QueueLine) => formatTime(at, env, 'N/A');

const nodeList = ({ record }: QueueLine) => formatHostList(record.nodes);

export function priority({ held, job }: JobRecord): number {
  return held ? 0 : HIGHEST_PRIORITY - job;
}

/** squeue's limit: `1:00`, `2-00:00:00`, `UNLIMITED`. */
function limit(seconds: number): string {
  return seconds === Number.POSITIVE_INFINITY ? 'UNLIMITED' : formatShortElapsed(seconds);
}

function timeLeft({ record, now }: QueueLine): string {
  if (record.timeLimit === Number.POSITIVE_INFINITY) return 'UNLIMITED';
  return formatShortElapsed(record.timeLimit - timeUsed(record, now));
}

function nodeCount({ submission, nodes }: JobRecord): string {
  return String(nodes.length > 0 ? nodes.length : submission.nodes);
}

/** `%i` and its like, by letter (squeue(1)). */
export const SQUEUE_COLUMNS: Readonly<Record<string, Column<QueueLine>>> = {
  a: column('ACCOUNT', ({ record }) => record.submission.account ?? record.user),
  A: column('JOBID', ({ record }) => String(record.rawId)),
  b: column('TRES_PER_NODE', () => 'N/A'),
  B: column('EXEC_HOST', ({ record }) => record.nodes[0] ?? 'n/a'),
  c: column('MIN_CPUS', ({ record }) => String(record.submission.cpusPerTask)),
  C: column('CPUS', ({ record }) => String(record.cpus)),
  d: column('MIN_TMP_DISK', () => '0'),
  D: column('NODES', ({ record }) => nodeCount(record)),
  e: column('END_TIME', (line) => time(endTime(line.record), line)),
  E: column('DEPENDENCY', ({ record }) => record.dependency || '(null)'),
  f: column('FEATURES', () => '(null)'),
  F: column('ARRAY_JOB_ID', ({ record }) => String(record.job)),
  g: column('GROUP', ({ record }) => record.user),
  G: column('GROUP', ({ record }) => String(record.submission.gid)),
  h: column('OVER_SUBSCRIBE', ({ record }) => (record.submission.exclusive ? 'NO' : 'OK')),
  i: column('JOBID', ({ record, env }) => recordId(record, env)),
  j: column('NAME', ({ record }) => record.name),
  k: column('COMMENT', ({ record }) => record.comment || '(null)'),
  K: column('ARRAY_TASK_ID', ({ record }) => arrayIndices(record) ?? 'N/A'),
  l: column('TIME_LIMIT', ({ record }) => limit(record.timeLimit)),
  L: column('TIME_LEFT', timeLeft),
  m: column('MIN_MEMORY', ({ record }) => memoryText(record)),
  M: column('TIME', ({ record, now }) => formatShortElapsed(timeUsed(record, now))),
  n: column('REQ_NODES', ({ record }) => formatHostList(record.submission.nodelist)),
  N: column('NODELIST', nodeList),
  o: column('COMMAND', ({ record }) => commandText(record)),
  O: column('CONTIGUOUS', () => '0'),
  p: column('PRIORITY', ({ record }) => (priority(record) / 2 ** 32).toFixed(14)),
  P: column('PARTITION', ({ record }) => record.partitions.join(',')),
  q: column('QOS', ({ record }) => record.submission.qos ?? 'normal'),
  Q: column('PRIORITY', ({ record }) => String(priority(record))),
  r: column('REASON', ({ record }) => record.reason),
  R: column('NODELIST(REASON)', (line) => nodesOrReason(line.record, nodeList(line))),
  S: column('START_TIME', (line) => time(line.record.startedAt ?? line.record.beginAt, line)),
  t: column('ST', ({ record }) => stateCode(record.state)),
  T: column('STATE', ({ record }) => record.state),
  u: column('USER', ({ record }) => record.user),
  U: column('USER', ({ record }) => String(record.submission.uid)),
  v: column('RESERVATION', () => '(null)'),
  V: column('SUBMIT_TIME', (line) => time(line.record.submittedAt, line)),
  w: column('WCKEY', () => '(null)'),
  x: column('EXC_NODES', ({ record }) => record.excludedNodes),
  X: column('CORE_SPEC', () => 'N/A'),
  y: column('NICE', ({ record }) => String(record.submission.nice ?? 0)),
  Y: column('SCHEDNODES', () => '(null)'),
  z: column('S:C:T', () => '*:*:*'),
  Z: column('WORK_DIR', ({ record }) => record.submission.workingFolder),
};

/** The names that `-O` takes, and the letter that means the same. */
const NAMES: Readonly<Record<string, string>> = {
  account: 'a',
  arrayjobid: 'F',
  arraytaskid: 'K',
  command: 'o',
  comment: 'k',
  dependency: 'E',
  endtime: 'e',
  exc_nodes: 'x',
  jobarrayid: 'i',
  jobid: 'A',
  mincpus: 'c',
  minmemory: 'm',
  name: 'j',
  nodelist: 'N',
  numcpus: 'C',
  numnodes: 'D',
  partition: 'P',
  priority: 'p',
  prioritylong: 'Q',
  qos: 'q',
  reason: 'r',
  reasonlist: 'R',
  reqnodes: 'n',
  starttime: 'S',
  state: 'T',
  statecompact: 't',
  submittime: 'V',
  timeleft: 'L',
  timelimit: 'l',
  timeused: 'M',
  userid: 'U',
  username: 'u',
  workdir: 'Z',
};

export const SQUEUE_NAMED_COLUMNS: Readonly<Record<string, Column<QueueLine>>> = {
  ...Object.fromEntries(
    Object.entries(NAMES).flatMap(([name, letter]) => {
      const found = SQUEUE_COLUMNS[letter];
      return found === undefined ? [] : [[name, found]];
    }),
  ),
  restartcnt: column('RESTART_COUNT', ({ record }) => String(record.restarts)),
  numtasks: column('TASKS', ({ record }) => String(record.submission.tasks)),
  stdout: column('STDOUT', ({ record }) => record.submission.output ?? ''),
};
