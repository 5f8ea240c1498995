import type { ActualRun } from '../../chain/advise/actual.js';
import type { LevelRun, Simulation } from '../../chain/advise/simulate.js';
import type { Ladder } from '../../chain/ladder.js';
import { compress } from '../../slurm/array-cover.js';
import { formatDuration } from '../../slurm/duration.js';
import { ALL_OF_NODE, formatMemory } from '../../slurm/memory-size.js';
import type { Display } from '../live-screen.js';
import { type Column, compactTable, cut } from './list-view.js';

/** Longest list of tasks that is shown. */
const LONGEST_SPEC = 60;

/** Hours of a table: three digits are enough to compare. */
export function hours(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

/** Memory that was measured, `1.4G`: nobody wants all its kilobytes. */
export function memoryShown(bytes: number): string {
  const units = [
    ['T', 2 ** 40],
    ['G', 2 ** 30],
    ['M', 2 ** 20],
  ] as const;
  const [unit, size] = units.find(([, least]) => bytes >= least) ?? ['K', 1024];
  return `${Math.ceil((bytes / size) * 10) / 10}${unit}`;
}

export function levelName({ mem, time }: { mem: number | null; time: number | null }): string {
  const memory = mem === null ? 'default' : mem === ALL_OF_NODE ? 'all' : formatMemory(mem);
  return `${memory}, ${time === null ? 'default' : formatDuration(time)}`;
}

/** What a level saw. */
export type LevelRow = LevelRun & { name: string };

export function simulationColumns<T extends LevelRow>(): Column<T>[] {
  return [
    { title: 'Level', value: ({ name }) => name },
    { title: 'Attempts', value: ({ attempts }) => attempts, align: 'right' },
    { title: 'Done', value: ({ completed }) => completed, align: 'right' },
    { title: 'OOM', value: ({ outOfMemory }) => outOfMemory, align: 'right' },
    { title: 'Timeout', value: ({ timeout }) => timeout, align: 'right' },
    { title: 'Failed', value: ({ failed }) => failed, align: 'right' },
    { title: '?', value: ({ undetermined }) => undetermined, align: 'right' },
    { title: 'Core-hours', value: ({ coreHours }) => hours(coreHours), align: 'right' },
    { title: 'GB-hours', value: ({ gbHours }) => hours(gbHours), align: 'right' },
  ];
}

export interface SimulationText {
  history: string;
  ladder: Ladder;
  simulation: Simulation;
  actual: ActualRun;
  /** Seconds that the chain took, waiting and all; null for a history without it. */
  actualWall: number | null;
  /** Tasks of the history that say nothing of their needs. */
  silent: number;
  slots: number | null;
}

/** The levels, what really happened below them, and the tasks that would not have completed. */
export function renderSimulation(text: SimulationText, display: Display): string {
  const { ladder, simulation, actual } = text;
  const rows: LevelRow[] = [
    ...simulation.levels.map((run) => ({ ...run, name: `${run.level}: ${levelOf(ladder, run.level)}` })),
    { ...simulation.total, name: 'in all' },
    { ...actual, undetermined: 0, name: 'really' },
  ];
  const tasks = Object.values(simulation.ends).reduce((sum, indices) => sum + indices.length, 0);
  return `${[
    `${tasks} tasks of ${text.history} on ${ladder.file}`,
    compactTable(simulationColumns(), rows, display),
    [wallLine(text), ...endLines(simulation), ...doubts(text)].join('\n'),
  ].join('\n\n')}\n`;
}

function levelOf(ladder: Ladder, level: number): string {
  const asked = ladder.levels[level];
  return asked === undefined ? '' : levelName(asked);
}

function wallLine({ simulation, actualWall, slots }: SimulationText): string {
  const at = slots === null ? 'all tasks of a round at once' : `${slots} tasks at once`;
  const really = actualWall === null ? '' : `; really ${formatDuration(actualWall)}, waiting and all`;
  return `Time: at least ${formatDuration(simulation.wall)} in ${simulation.rounds} rounds, ${at}${really}`;
}

const END_WORDS = {
  failed: 'would fail and not be run again',
  exhausted: 'would never complete: the highest level is not enough',
  undetermined: 'were never seen to end; with more than was ever tried, nobody knows (?)',
} as const;

function endLines({ ends }: Simulation): string[] {
  const bad = (Object.keys(END_WORDS) as (keyof typeof END_WORDS)[]).filter((end) => ends[end].length > 0);
  if (bad.length === 0) return ['All tasks would complete.'];
  return bad.map((end) => {
    const spec = cut(compress(ends[end]), LONGEST_SPEC);
    return `${ends[end].length} ${END_WORDS[end]}: ${spec}`;
  });
}

function doubts({ actual, silent, ladder }: SimulationText): string[] {
  const unnamed = ladder.levels.some(({ mem }) => mem === null || mem === ALL_OF_NODE);
  return [
    ...(silent === 0
      ? []
      : [`${silent} tasks say nothing of their needs (cancelled, node failures) and are left out.`]),
    ...(unnamed ? ['GB-hours leave out levels whose memory has no size.'] : []),
    ...(actual.withoutMemory === 0
      ? []
      : [
          `Really: GB-hours leave out ${actual.withoutMemory} attempts of which it is not known what they asked for.`,
        ]),
  ];
}
