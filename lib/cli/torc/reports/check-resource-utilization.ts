import { listAll } from '../../../client/all.js';
import type { FailedJob } from '../../../report/workflow/failure-diagnosis.js';
import type {
  ResourceUtilizationReport,
  Utilization,
} from '../../../report/workflow/resource-utilization.js';
import { renderTable, type TableColumn } from '../../table.js';
import { flag, integer } from '../../tree/option.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

export const checkResourceUtilization = command({
  name: 'check-resource-utilization',
  summary: 'Find jobs that used more memory, processors or time than they asked for',
  positionals: WORKFLOW_ID,
  options: {
    'run-id': integer('Of this run; of the results that count now by default', { alias: 'r' }),
    all: flag('Every job, not only those that exceeded their requirements', { alias: 'a' }),
    'include-failed': flag('Tell why failed jobs probably failed'),
  },
  examples: [
    { text: 'What to change in the specification', command: 'torc reports check-resource-utilization 1' },
    {
      text: 'What went out of memory',
      command: 'torc reports check-resource-utilization 1 --include-failed',
    },
  ],
  async run({ workflowId: given, runId, all, includeFailed }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const earlier = runId === undefined ? {} : { run_id: runId, all_runs: true };
    const [results, jobs, requirements] = await Promise.all([
      listAll(client.results.list, { workflow_id, ...earlier }),
      listAll(client.jobs.list, { workflow_id }),
      listAll(client.resourceRequirements.list, { workflow_id }),
    ]);
    const rows = { workflowId: workflow_id, runId: runId ?? null, results, jobs, requirements };
    const { resourceUtilization } = await import('../../../report/workflow/resource-utilization.js');
    const report = resourceUtilization(rows, { all, includeFailed });
    session.show(report, () => render(report));
  },
});

const COLUMNS: readonly TableColumn<Utilization>[] = [
  ['Job ID', ({ job_id }) => job_id],
  ['Job Name', ({ job_name }) => job_name],
  ['Resource', ({ resource_type }) => resource_type],
  ['Specified', ({ specified }) => specified],
  ['Peak Used', ({ peak_used }) => peak_used],
  ['Over-Utilization', ({ over_utilization }) => over_utilization],
];

const FAILED_COLUMNS: readonly TableColumn<FailedJob>[] = [
  ['Job ID', ({ job_id }) => job_id],
  ['Job Name', ({ job_name }) => job_name],
  ['Return Code', ({ return_code }) => return_code],
  ['Probably', causeOf],
  ['Peak Memory', ({ peak_memory_formatted }) => peak_memory_formatted],
  ['Memory', ({ configured_memory }) => configured_memory],
  ['Runtime Used', ({ runtime_utilization }) => runtime_utilization],
];

function causeOf({ likely_oom, likely_timeout, oom_reason, timeout_reason }: FailedJob): string {
  const causes = [
    likely_oom ? `out of memory (${oom_reason})` : null,
    likely_timeout ? `out of time (${timeout_reason})` : null,
  ];
  return causes.filter((cause) => cause !== null).join(', ') || 'unknown';
}

function render(report: ResourceUtilizationReport): string {
  const { workflow_id, total_results, over_utilization_count: count, violations, failed_jobs = [] } = report;
  if (total_results === 0) return `No completed job results found for workflow ${workflow_id}\n`;
  const verdict =
    count === 0
      ? `✓ All ${total_results} jobs stayed within what they asked for\n`
      : `⚠ Found ${count} resource over-utilization violations:\n`;
  const table = violations.length === 0 ? '' : `\n${renderTable(COLUMNS, violations)}`;
  const failed =
    failed_jobs.length === 0 ? '' : `\nFailed jobs:\n${renderTable(FAILED_COLUMNS, failed_jobs)}`;
  return verdict + table + failed;
}
