import { printable } from '../../printable.js';
import type { EventAllocation } from './event-drafts.js';
import type { ExecutionPlan, PlanStage } from './execution-plan.js';
import { foldNames } from './name-ranges.js';
import { triggerText } from './trigger-text.js';

/** Lines of one list; the JSON form has all of it. */
const LONGEST_LIST = 50;

/** What `workflows execution-plan` prints for a person: stage by stage, runs of names folded. No line end behind it. */
export function planText(plan: ExecutionPlan): string {
  const blocks = [
    [`Workflow: ${printable(plan.workflowName)}`, `Total Jobs: ${plan.totalJobs}`],
    ...plan.stages.map(stageLines),
    [`Total Stages: ${plan.stages.length}`, ...subgraphLines(plan.subgraphs)],
  ];
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
}

function stageLines({ waitsFor, jobsBecomingReady, events }: PlanStage, place: number): string[] {
  const allocations = events.flatMap((event) => event.allocations);
  return [
    `${place === 0 ? '▶' : '→'} Stage ${place + 1}: ${triggerText(waitsFor)}`,
    ...list('Scheduler Allocations', allocations.map(allocationText)),
    ...list('Jobs Becoming Ready', foldNames(jobsBecomingReady).map(printable)),
  ];
}

function allocationText({ scheduler, schedulerType, count }: EventAllocation): string {
  return `${printable(scheduler)} (${printable(schedulerType)}) - ${count} allocation(s)`;
}

function list(head: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const left = items.length - LONGEST_LIST;
  const more = left > 0 ? [`    … and ${left} more (-f json lists them)`] : [];
  return [`  ${head}:`, ...items.slice(0, LONGEST_LIST).map((item) => `    • ${item}`), ...more];
}

/** Said only of workflows that fall apart; of jobs that are alone, how many there are. */
function subgraphLines(subgraphs: readonly (readonly string[])[]): string[] {
  if (subgraphs.length < 2) return [];
  const joined = subgraphs.filter(({ length }) => length > 1);
  const alone = subgraphs.length - joined.length;
  const items = joined.map((jobs) => foldNames(jobs).map(printable).slice(0, LONGEST_LIST).join(', '));
  if (alone > 0) items.push(`${alone} ${alone === 1 ? 'job' : 'jobs'} without any dependency`);
  return [`Subgraphs: ${subgraphs.length}`, ...list('Independent Parts', items)];
}
