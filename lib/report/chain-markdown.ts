import { describeBudget } from '../chain/retry-budget.js';
import type { ChainReport } from './chain-report.js';
import { failedSection } from './failed-tasks-markdown.js';
import { excludedSection, limitsSection } from './limits-markdown.js';
import { markdownTable } from './markdown-table.js';
import { roundSection, roundsTable } from './rounds-markdown.js';

/** The report for people, one chain. */
export function renderMarkdown(report: ChainReport): string {
  const { details, failed } = report;
  const sections = [
    `## Chain: ${report.chain}`,
    '### Escalation Rounds',
    roundsTable(report.rounds),
    ...(details === null ? [] : ['### Task Details (from database)', ...details.flatMap(roundSection)]),
    ...(failed.total === 0 ? [] : failedSection(failed)),
    ...limitsSection(report),
    ...excludedSection(report),
    ...retrySection(report),
    ...warnedSection(report),
    '### Summary',
    ...summarySection(report),
  ];
  return `${sections.join('\n\n')}\n`;
}

function retrySection({ retries }: ChainReport): string[] {
  if (retries.length === 0) return [];
  const rows = retries.map(({ state, count, budget }) => [state, count, describeBudget(budget)]);
  return ['### Retries at the Same Level', markdownTable(['After', 'Retries', 'Allowed a task'], rows)];
}

function warnedSection({ warned }: ChainReport): string[] {
  if (warned.length === 0) return [];
  const rows = warned.map(({ round, count, tasks }) => [round, count, tasks]);
  return [
    '### Completed with a Warning',
    'Slurm calls these tasks OUT_OF_MEMORY; their script exited with 0.',
    markdownTable(['Round', 'Tasks', 'Indices'], rows),
  ];
}

function summarySection({ state, reason, summary }: ChainReport): string[] {
  const { tasks, completed, failed, unknown, open } = summary;
  const sentences = [
    `**${completed}** of ${tasks} tasks completed.`,
    ...(failed > 0 ? [`**${failed}** failed (not retried).`] : []),
    ...(unknown > 0 ? [`**${unknown}** unknown.`] : []),
    ...(open > 0 ? [`**${open}** ${state === 'active' ? 'still running' : 'not finished'}.`] : []),
  ];
  const why = reason === null ? [] : [`The chain is ${state}: ${reason.replace(/\s+/g, ' ')}`];
  return [sentences.join(' '), ...why];
}
