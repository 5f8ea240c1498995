import { listAll } from '../../../client/all.js';
import type { WorkflowSummary } from '../../../report/workflow/workflow-summary.js';
import { renderRecord } from '../../table.js';
import { command } from '../command.js';
import { countFields } from '../job-counts.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

export const reportSummary = command({
  name: 'summary',
  summary: 'A workflow at one glance: jobs by status, time, runners',
  positionals: WORKFLOW_ID,
  examples: [{ text: 'Is it through?', command: 'torc reports summary 1' }],
  async run({ workflowId: given }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const [workflow, jobs, results, nodes, scheduledNodes, state] = await Promise.all([
      client.workflows.get({ id: workflow_id }),
      listAll(client.jobs.list, { workflow_id }),
      listAll(client.results.list, { workflow_id }),
      listAll(client.computeNodes.list, { workflow_id }),
      listAll(client.scheduledComputeNodes.list, { workflow_id }),
      client.workflows.isComplete({ id: workflow_id }),
    ]);
    const { is_complete: isComplete, is_canceled: isCanceled } = state;
    const rows = { workflow, jobs, results, nodes, scheduledNodes, isComplete, isCanceled };
    const { workflowSummary } = await import('../../../report/workflow/workflow-summary.js');
    const summary = workflowSummary(rows);
    session.show(summary, () => render(summary));
  },
});

function render(summary: WorkflowSummary): string {
  const state = summary.is_canceled ? 'canceled' : summary.is_complete ? 'complete' : 'not complete';
  return renderRecord(`Workflow ${summary.workflow_id} (${summary.workflow_name}): ${state}`, {
    User: summary.workflow_user,
    ...countFields(summary.jobs_by_status),
    'Total execution time': summary.total_exec_time_formatted,
    Walltime: summary.walltime_formatted,
    'Active runners': summary.active_compute_nodes,
    'Allocations pending': summary.pending_scheduled_nodes,
    'Allocations active': summary.active_scheduled_nodes,
  });
}
