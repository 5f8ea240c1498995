import { listAll } from '../../../client/all.js';
import { fallback, flag, integer, path, repeated } from '../../tree/option.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

export const reportResults = command({
  name: 'results',
  summary: 'Tell how jobs ended and where their logs lie, as JSON',
  positionals: WORKFLOW_ID,
  options: {
    'output-dir': fallback(
      path("Where the runners' output is", { alias: 'o', completion: 'folder' }),
      'output',
    ),
    'all-runs': flag('Earlier runs and attempts as well'),
    'job-id': repeated(integer('Only these jobs', { alias: 'j' }), ','),
  },
  examples: [
    {
      text: 'Standard errors of what failed',
      command: "torc reports results 1 | jq -r '.results[] | select(.return_code != 0) | .job_stderr'",
    },
  ],
  async run({ workflowId: given, outputDir, allRuns, jobId: wanted }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const [workflow, results, jobs, nodes] = await Promise.all([
      client.workflows.get({ id: workflow_id }),
      listAll(client.results.list, { workflow_id, all_runs: allRuns ? true : undefined }),
      listAll(client.jobs.list, { workflow_id }),
      listAll(client.computeNodes.list, { workflow_id }),
    ]);
    const shown = wanted.length === 0 ? results : results.filter(({ job_id }) => wanted.includes(job_id));
    const { jobResults } = await import('../../../report/workflow/job-results.js');
    const report = jobResults({ workflow, results: shown, jobs, nodes, outputDir, allRuns });
    // Programs read this whatever the format is.
    session.show(report, () => `${JSON.stringify(report, null, 2)}\n`);
  },
});
