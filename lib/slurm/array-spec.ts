/**
 * The text form of a Slurm job array (`--array=0-9,20-40:5%4`): parsing, counting, walking, printing.
 *
 * slurmctld sets one bit for each index that a run reaches, so runs may overlap and a specification means
 * their union (measured: `3-8998:7,5-8993:11` made 1,987 tasks). Nothing here knows the site's MaxArraySize.
 */

/** An arithmetic progression `first-last:step`, both ends included: `last` is reached exactly. */
export interface Run {
  first: number;
  last: number;
  step: number;
}

/** Runs in the order written; `throttle` is the greatest number of tasks to run at once, null for no limit. */
export interface ArraySpec {
  runs: Run[];
  throttle: number | null;
}

/** The text is not an array specification; the message is one line for the person who wrote it. */
export class ArraySpecError extends Error {
  override name = 'ArraySpecError';
}

/** slurmctld reads an index into a C int; what a site allows (MaxArraySize, 4,000,001 at most) is far below. */
export const MAX_INDEX = 2_147_483_647;

const DEFAULT_MAX_TASKS = 10_000_000;
const EXPECTED = 'expected indices such as 0-9, 1,3,5 or 0-99:10%4';
const RUN = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/;

/**
 * Reads what `sbatch --array` takes and what squeue and sacct print for it, brackets included (`[3-10%2]`).
 * `maxTasks` bounds the sum of the runs before anything is expanded.
 */
export function parseArraySpec(text: string, options: { maxTasks?: number } = {}): ArraySpec {
  const maxTasks = options.maxTasks ?? DEFAULT_MAX_TASKS;
  const bare = text.trim().replace(/^\[(.*)\]$/s, '$1');
  refuseCut(bare);
  const [list = '', throttle, ...more] = bare.split('%');
  if (more.length > 0) throw refusal(bare, 'one % at most, at the end');
  // sbatch accepts one trailing comma.
  const runs = list.replace(/,$/, '').split(',').map(parseRun);
  const tasks = runs.reduce((sum, run) => sum + runSize(run), 0);
  if (tasks > maxTasks) {
    throw new ArraySpecError(`array ${quoted(bare)} names ${tasks} tasks: at most ${maxTasks} are allowed`);
  }
  return { runs, throttle: throttle === undefined ? null : parseThrottle(throttle) };
}

/** squeue and sacct cut long lists silently or with `...`: reading the rest would lose tasks. */
function refuseCut(text: string): void {
  if (!/\.\.\.|…/.test(text)) return;
  throw new ArraySpecError(
    `array ${quoted(text)} was cut short by Slurm: query again with SLURM_BITSTR_LEN=0 in the environment`,
  );
}

function parseRun(part: string): Run {
  const match = RUN.exec(part);
  if (!match) throw refusal(part, EXPECTED);
  const first = parseIndex(match[1] ?? '', part);
  const end = parseIndex(match[2] ?? match[1] ?? '', part);
  const step = parseIndex(match[3] ?? '1', part);
  if (end < first) throw refusal(part, `the last index must not be below the first, ${first}`);
  if (step === 0) throw refusal(part, 'a step of 1 or more');
  const last = end - ((end - first) % step);
  return { first, last, step: last === first ? 1 : step };
}

function parseIndex(digits: string, part: string): number {
  const value = Number(digits);
  if (value > MAX_INDEX) throw refusal(part, `numbers of ${MAX_INDEX} at most`);
  return value;
}

/** `%0` is accepted by sbatch and means no limit. */
function parseThrottle(digits: string): number | null {
  if (!/^\d+$/.test(digits)) throw refusal(`%${digits}`, 'a number of tasks after %, such as %4');
  return parseIndex(digits, `%${digits}`) || null;
}

function refusal(part: string, expected: string): ArraySpecError {
  return new ArraySpecError(`bad array part ${quoted(part)}: ${expected}`);
}

/** On one line and short, whatever was typed. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

function runSize(run: Run): number {
  return (run.last - run.first) / run.step + 1;
}

/** The smallest index that two runs name, or null. sbatch accepts such input; from a person it is a mistake. */
export function findOverlap(spec: ArraySpec): number | null {
  for (const group of meetingRuns(spec)) {
    const members = sortedMembers(group);
    const repeat = members.findIndex((index, place) => index === members[place + 1]);
    if (repeat >= 0) return members[repeat] ?? null;
  }
  return null;
}

/** Each index of the union once, ascending. Runs that share no span are walked without being stored. */
export function* expand(spec: ArraySpec): Generator<number> {
  for (const group of meetingRuns(spec)) {
    const [only, ...others] = group;
    if (only && others.length === 0) {
      for (let index = only.first; index <= only.last; index += only.step) yield index;
    } else {
      yield* withoutRepeats(sortedMembers(group));
    }
  }
}

/** The indices of the union, ascending, each once. */
export function toIndices(spec: ArraySpec): Uint32Array {
  return withoutRepeats(sortedMembers(spec.runs));
}

/** How many indices the union has, that is how many tasks Slurm would make. */
export function count(spec: ArraySpec): number {
  let total = 0;
  for (const group of meetingRuns(spec)) {
    const [only, ...others] = group;
    const alone = only && others.length === 0;
    total += alone ? runSize(only) : withoutRepeats(sortedMembers(group)).length;
  }
  return total;
}

/** Ascending groups of runs; runs of different groups have no index between the other's ends. */
function* meetingRuns(spec: ArraySpec): Generator<Run[]> {
  let group: Run[] = [];
  let reach = -1;
  for (const run of spec.runs.toSorted((a, b) => a.first - b.first)) {
    if (run.first > reach && group.length > 0) {
      yield group;
      group = [];
    }
    group.push(run);
    reach = Math.max(reach, run.last);
  }
  if (group.length > 0) yield group;
}

function sortedMembers(runs: readonly Run[]): Uint32Array {
  const members = new Uint32Array(runs.reduce((sum, run) => sum + runSize(run), 0));
  let place = 0;
  for (const { first, last, step } of runs) {
    for (let index = first; index <= last; index += step) members[place++] = index;
  }
  return runs.length > 1 ? members.sort() : members;
}

function withoutRepeats(sorted: Uint32Array): Uint32Array {
  return sorted.filter((index, place) => place === 0 || index !== sorted[place - 1]);
}

/** Any whole numbers, in any order and repeated, as the sorted set that the array modules work on. */
export function indexSet(indices: Iterable<number>): Uint32Array {
  // Numbers that no longer need to be looked at one by one; a million of them in a list take 16 MB and more.
  if (indices instanceof Uint32Array && !indices.some((index) => index > MAX_INDEX)) {
    return isSet(indices) ? indices : withoutRepeats(indices.toSorted());
  }
  const members: number[] = [];
  let previous = -1;
  let sorted = true;
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index > MAX_INDEX) {
      throw new ArraySpecError(`bad array index ${index}: whole numbers from 0 to ${MAX_INDEX}`);
    }
    sorted &&= index > previous;
    previous = index;
    members.push(index);
  }
  const set = Uint32Array.from(members);
  return sorted ? set : withoutRepeats(set.sort());
}

function isSet(members: Uint32Array): boolean {
  return members.every((index, place) => place === 0 || index > (members[place - 1] ?? 0));
}

/** `7`, `7-9` or `7-19:3`. */
export function formatRun({ first, last, step }: Run): string {
  if (first === last) return String(first);
  return step === 1 ? `${first}-${last}` : `${first}-${last}:${step}`;
}

/** The text that `sbatch --array` takes; '' for no runs, which Slurm cannot express. */
export function formatSpec(spec: ArraySpec): string {
  const list = spec.runs.map(formatRun).join(',');
  return spec.throttle === null ? list : `${list}%${spec.throttle}`;
}
