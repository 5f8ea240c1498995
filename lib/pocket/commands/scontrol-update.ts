import { parseTimeLimit } from '../../slurm/duration.js';
import { parseHostList } from '../../slurm/host-list.js';
import { parseMemory } from '../../slurm/memory-size.js';
import { UsageRefusal, unsupported } from '../refusal.js';
import type { JobChanges, NodeChange } from '../scheduler/control.js';
import type { PocketState } from '../state/state.js';
import { readBeginTime } from './begin-time.js';

/**
 * `NAME=VALUE` words by their names in small letters; a word without `=` belongs to the value before it, as the shell
 * leaves `Reason=two words`.
 */
export function settingsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at <= 0) throw notSupported(word);
    settings.set(word.slice(0, at).toLowerCase(), word.slice(at + 1));
  }
  return settings;
}

type JobReader = (value: string, state: PocketState, now: number) => JobChanges;

const JOB_SETTINGS: Readonly<Record<string, JobReader>> = {
  arraytaskthrottle: (value) => ({ throttle: Number(value) || null }),
  comment: (comment) => ({ comment }),
  dependency: (dependency) => ({ dependency }),
  endtime: (value, _, now) => ({ endAt: readBeginTime(value, now) }),
  excnodelist: (value) => ({ excludedNodes: parseHostList(value).length === 0 ? [] : [value] }),
  jobname: (name) => ({ name }),
  minmemorycpu: (value) => ({ memoryPerCpu: memory(value), memoryPerNode: null }),
  minmemorynode: (value) => ({ memoryPerNode: memory(value), memoryPerCpu: null }),
  name: (name) => ({ name }),
  partition: (value) => ({ partitions: value.split(',') }),
  requeue: (value) => ({ requeue: value === '1' }),
  starttime: (value, _, now) => ({ beginAt: readBeginTime(value, now) }),
  timelimit: (value) => ({ timeLimit: parseTimeLimit(value) }),
};

/**
 * What `scontrol update` is to change of a job.
 *
 * @param words the settings as written
 * @throws UsageRefusal for settings that pocket Slurm cannot change
 */
export function jobChanges(
  settings: ReadonlyMap<string, string>,
  words: readonly string[],
  state: PocketState,
  now: number,
): JobChanges {
  let changes: JobChanges = {};
  for (const [name, value] of settings) {
    if (name === 'jobid' || name === 'job') continue;
    const reader = Object.hasOwn(JOB_SETTINGS, name) ? JOB_SETTINGS[name] : undefined;
    if (reader === undefined) throw unknownSetting(name, words);
    changes = { ...changes, ...reader(value, state, now) };
  }
  return changes;
}

/** Of what Slurm can change pocket Slurm says that it cannot. */
const JOB_SETTINGS_OF_SLURM =
  /^(account|admincomment|arraytaskid|burstbuffer|clusters|contiguous|cpuspertask|deadline|delayboot|features|gres|licenses|mailtype|mailuser|mincpusnode|mintmpdisknode|nice|nodelist|numcpus|numnodes|numtasks|oversubscribe|priority|qos|reboot|reqcores|reqnodelist|reqnodes|reqthreads|reservationname|shared|stdout|stepid|switches|systemcomment|timemin|tasks|userid|wait-for-switch|wckey|workdir)$/;

function unknownSetting(name: string, words: readonly string[]): UsageRefusal {
  if (JOB_SETTINGS_OF_SLURM.test(name)) return unsupported(`scontrol update of ${name}`);
  return notSupported(words.find((word) => word.toLowerCase().startsWith(`${name}=`)) ?? name);
}

function notSupported(word: string): UsageRefusal {
  return new UsageRefusal([`Update of this parameter is not supported: ${word}`, 'Request aborted']);
}

const NODE_STATES: Readonly<Record<string, NodeChange['state']>> = {
  down: 'DOWN',
  drain: 'DRAIN',
  idle: 'UP',
  resume: 'UP',
  undrain: 'UP',
};

/** @throws UsageRefusal */
export function nodeChanges(settings: ReadonlyMap<string, string>): NodeChange {
  const word = settings.get('state') ?? '';
  const state = NODE_STATES[word.toLowerCase()];
  if (state === undefined) throw new UsageRefusal([`Invalid input: State=${word}`, 'Request aborted']);
  const reason = settings.get('reason') ?? null;
  if (state !== 'UP' && reason === null)
    throw new UsageRefusal(['You must specify a reason when DOWNING or DRAINING a node. Request denied']);
  return { state, reason };
}

/** Megabytes without a unit, as everywhere. */
function memory(value: string): number {
  return parseMemory(value).bytes;
}
