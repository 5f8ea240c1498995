import { formatDuration } from '../../slurm/duration.js';
import { formatMemory } from '../../slurm/memory-size.js';
import { type Advice, type LadderCost, memoryIsNamed } from './advice.js';
import type { LevelRun } from './simulate.js';

/** A factor below which two prices are the same. */
const MUCH = 1.0005;

/** Why the proposal is what it is, and what it cannot say: one sentence an entry. */
export function adviceWords(advice: Advice, headroom: number): string[] {
  return [
    ...advice.proposed.levels.map((level, position) => levelWords(advice, level, position)),
    comparison(advice),
    ...boundWords(advice),
    ...caveats(advice, headroom),
  ];
}

function levelWords({ proposed }: Advice, level: LadderCost['levels'][number], position: number): string {
  const run = proposed.simulation.levels[position];
  const name = `Level ${position} (${memoryText(level.mem)}, ${timeText(level.time)})`;
  if (run === undefined || run.attempts === 0)
    return `${name}: no task of this history comes here: it is for headroom.`;
  const ended = `${run.completed} of ${run.attempts} tasks (${share(run.completed, run.attempts)}) complete here`;
  const climbing = run.outOfMemory + run.timeout;
  if (climbing === 0) return `${name}: ${ended}.`;
  const whither = position + 1 < proposed.levels.length ? 'climb' : 'find no level above';
  return `${name}: ${ended}; ${climbing} ${whither} (${run.outOfMemory} out of memory, ${run.timeout} out of time).`;
}

function comparison({ present, proposed }: Advice): string {
  const [before, after] = [present.simulation.total, proposed.simulation.total];
  const cores = `${change(before.coreHours, after.coreHours)} core-hours`;
  const attempts = `${perTask(after)} attempts a task instead of ${perTask(before)}`;
  if (!memoryIsNamed(present)) {
    const why = 'the present ladder does not name its memory, so that GB-hours cannot be compared';
    return `Against the present ladder, over the same tasks: ${cores}, ${attempts}; ${why}.`;
  }
  if (proposed.price > present.price * MUCH)
    return 'The present ladder is cheaper than any of these sizes with so few levels: keep it.';
  if (proposed.price * MUCH > present.price) return 'The present ladder is as cheap as any of these sizes.';
  const gigabytes = `${change(before.gbHours, after.gbHours)} GB-hours`;
  const dearer = after.coreHours > before.coreHours * MUCH || after.gbHours > before.gbHours * MUCH;
  const why = dearer
    ? ' What costs more is worth it for what it spares: memory, cores, or long time limits.'
    : '';
  return `Against the present ladder, over the same tasks: ${cores}, ${gigabytes}, ${attempts}.${why}`;
}

function change(before: number, after: number): string {
  if (before === 0) return after === 0 ? 'as many' : 'more';
  const part = Math.round((after / before - 1) * 1000) / 10;
  if (part === 0) return 'as many';
  return part < 0 ? `${-part} % fewer` : `${part} % more`;
}

function perTask({ attempts, completed, failed, undetermined }: LevelRun): string {
  return (attempts / Math.max(1, completed + failed + undetermined)).toFixed(2);
}

/** Tasks that never ended: all that is known is what did not suffice. */
function boundWords({ memory, time, proposed }: Advice): string[] {
  const { exhausted, undetermined } = proposed.simulation.ends;
  const lost = exhausted.length + undetermined.length;
  if (lost === 0) return [];
  const tried = [
    memory.largestBound === null
      ? []
      : [`${memory.lowerBounds} more memory than ${memoryText(memory.largestBound)}`],
    time.largestBound === null ? [] : [`${time.lowerBounds} more time than ${timeText(time.largestBound)}`],
  ].flat();
  return [
    `${lost} ${lost === 1 ? 'task' : 'tasks'} never completed (needed: ${tried.join(', ')}). How much more no history ` +
      'says, so that no level is meant for them; add one above the proposal if they are to be run again.',
  ];
}

function caveats({ memory, failed }: Advice, headroom: number): string[] {
  return [
    `Sizes are observed needs and ${Math.round(headroom * 100)} % of headroom, rounded up, or those of the present ladder.`,
    ...(memory.assumed === 0
      ? []
      : [
          `The memory of ${memory.assumed} completed ${memory.assumed === 1 ? 'task' : 'tasks'} was not sampled, or ` +
            'sampled too low to be true: the memory of the level where it sufficed stands for it.',
        ]),
    ...(failed === 0
      ? []
      : [
          `${failed === 1 ? '1 task fails by itself' : `${failed} tasks fail by themselves`}, on any ladder.`,
        ]),
  ];
}

function share(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`;
}

function memoryText(mem: number | null): string {
  if (mem === null) return 'memory by default';
  return mem === 0 ? 'all memory' : formatMemory(mem);
}

function timeText(time: number | null): string {
  return time === null ? 'time by default' : formatDuration(time);
}
