import { listAll } from '../../../client/all.js';
import { JOB_STATUSES } from '../../../wire/job-status.js';
import { choice, flag, integer } from '../../tree/option.js';
import { command } from '../command.js';
import { LIST_OPTIONS, pagingOf } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { RESULT } from './kind.js';

export const listResults = command({
  name: 'list',
  summary: 'List how jobs ended',
  positionals: WORKFLOW_ID,
  options: {
    'job-id': integer('Only of this job', { alias: 'j' }),
    'run-id': integer('Only of this run', { alias: 'r' }),
    'return-code': integer('Only with this return code', { least: -Infinity }),
    failed: flag('Only with a return code other than 0'),
    status: choice('Only with this status', JOB_STATUSES, { alias: 's' }),
    ...LIST_OPTIONS,
    'all-runs': flag('Earlier runs and attempts as well, not only what counts now'),
    'compute-node': integer('Only of this compute node'),
  },
  examples: [
    { text: 'What went wrong', command: 'torc results list 1 --failed' },
    { text: 'For a program', command: "torc -f json results list 1 | jq '.results[].return_code'" },
  ],
  async run(values, session) {
    const { workflowId: given, jobId, runId, returnCode, failed, status, allRuns, computeNode } = values;
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const { limit } = values;
    const results = await listAll(client.results.list, {
      ...pagingOf(values),
      ...{ workflow_id, job_id: jobId, run_id: runId, return_code: returnCode, status },
      ...{ compute_node_id: computeNode, all_runs: allRuns ? true : undefined },
      // Of those that failed, not of all, so many are wanted.
      limit: failed ? undefined : limit,
    });
    const shown = failed ? results.filter((result) => result.return_code !== 0).slice(0, limit) : results;
    session.showList('results', shown, {
      title: `Results for workflow ID ${workflow_id}`,
      empty: `No results found for workflow ID: ${workflow_id}`,
      columns: RESULT.columns,
    });
  },
});
