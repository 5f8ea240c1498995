import {
  type Advice,
  type LadderCost,
  memoryIsNamed,
  type ObservedNeeds,
} from '../../chain/advise/advice.js';
import { SHARES } from '../../chain/advise/percentiles.js';
import { formatDuration } from '../../slurm/duration.js';
import type { Display } from '../live-screen.js';
import { type Column, compactTable, painter } from './list-view.js';
import { hours, levelName, memoryShown, simulationColumns } from './simulation-view.js';

export interface AdviceText {
  advice: Advice;
  chains: readonly string[];
  words: readonly string[];
  yaml: string;
  /** Where the ladder was written, or null. */
  file: string | null;
}

/** Needs, the two ladders side by side, why, and the ladder as a file. */
export function renderAdvice({ advice, chains, words, yaml, file }: AdviceText, display: Display): string {
  const { bold } = painter(display);
  const from = chains.length === 1 ? `chain ${chains[0]}` : `${chains.length} chains`;
  const sections = [
    `${advice.tasks} tasks of ${from}: ${advice.completed} completed, ${advice.failed} failed by themselves, ` +
      `${advice.tasks - advice.completed - advice.failed} never ended`,
    compactTable(NEED_COLUMNS, needRows(advice), display),
    compactTable(
      COST_COLUMNS,
      [costRow('present', advice.present), costRow('proposed', advice.proposed)],
      display,
    ),
    `${bold('Present ladder')}\n${ladderTable(advice.present, display)}`,
    `${bold('Proposed ladder')}\n${ladderTable(advice.proposed, display)}`,
    words.map((sentence) => `- ${sentence}`).join('\n'),
    file === null ? yaml.trimEnd() : `Written to ${file}; try it: mem-escalate --dry-run -c ${file} ...`,
  ];
  return `${sections.join('\n\n')}\n`;
}

interface NeedRow {
  need: string;
  of: ObservedNeeds;
  show: (value: number) => string;
}

const NEED_COLUMNS: readonly Column<NeedRow>[] = [
  { title: 'Need', value: ({ need }) => need },
  ...SHARES.map(
    (share): Column<NeedRow> => ({
      title: share === 100 ? 'max' : `p${share}`,
      value: ({ of, show }) => (of.percentiles === null ? '-' : show(of.percentiles[`p${share}`])),
      align: 'right',
    }),
  ),
  { title: 'Ran out', value: ({ of }) => of.ranOut, align: 'right' },
  {
    title: 'Never completed',
    value: ({ of, show }) =>
      of.largestBound === null ? '0' : `${of.lowerBounds} (more than ${show(of.largestBound)})`,
  },
];

function needRows({ memory, time }: Advice): NeedRow[] {
  return [
    { need: 'memory', of: memory, show: memoryShown },
    { need: 'time', of: time, show: formatDuration },
  ];
}

interface CostRow {
  name: string;
  cost: LadderCost;
}

const costRow = (name: string, cost: LadderCost): CostRow => ({ name, cost });

function gbHours(cost: LadderCost): string {
  return memoryIsNamed(cost) ? hours(cost.simulation.total.gbHours) : '-';
}

const COST_COLUMNS: readonly Column<CostRow>[] = [
  { title: 'Ladder', value: ({ name }) => name },
  { title: 'Levels', value: ({ cost }) => cost.levels.length, align: 'right' },
  { title: 'Attempts', value: ({ cost }) => cost.simulation.total.attempts, align: 'right' },
  { title: 'Completed', value: ({ cost }) => cost.simulation.ends.completed.length, align: 'right' },
  { title: 'Core-hours', value: ({ cost }) => hours(cost.simulation.total.coreHours), align: 'right' },
  { title: 'GB-hours', value: ({ cost }) => gbHours(cost), align: 'right' },
  { title: 'Price', value: ({ cost }) => hours(cost.price / 3600), align: 'right', rank: 1 },
];

function ladderTable({ levels, simulation }: LadderCost, display: Display): string {
  const rows = levels.flatMap((level, position) => {
    const run = simulation.levels[position];
    return run === undefined ? [] : [{ ...run, name: levelName(level), partition: level.partition ?? '-' }];
  });
  return compactTable(
    [...simulationColumns(), { title: 'Partition', value: ({ partition }) => partition, rank: 2 }],
    rows,
    display,
  );
}
