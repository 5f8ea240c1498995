import { listAll } from '../../../client/all.js';
import { renderTable } from '../../table.js';
import { integer } from '../../tree/option.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { jobsToShow } from './jobs-to-show.js';

export const listHandlersOfJobs = command({
  name: 'list-failure-handlers',
  summary: 'List jobs with their failure handlers',
  positionals: WORKFLOW_ID,
  options: { 'job-id': integer('Only this job', { alias: 'j' }) },
  examples: [{ text: 'Of workflow 1', command: 'torc jobs list-failure-handlers 1' }],
  async run({ workflowId: given, jobId }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const handlers = await listAll(client.failureHandlers.list, { id: workflow_id });
    const byId = new Map(handlers.map((handler) => [handler.id, handler]));
    const jobs = await jobsToShow(client, workflow_id, jobId);
    const rows = jobs
      .filter((job) => job.failure_handler_id !== undefined)
      .map((job) => {
        const handler = byId.get(job.failure_handler_id);
        return {
          ...{ job_id: job.id, job_name: job.name, failure_handler_id: job.failure_handler_id },
          ...{ failure_handler_name: handler?.name, rules: handler?.rules },
        };
      });
    session.show(rows, () =>
      renderTable(
        [
          ['Job ID', (row) => row.job_id],
          ['Job Name', (row) => row.job_name],
          ['Handler ID', (row) => row.failure_handler_id],
          ['Handler Name', (row) => row.failure_handler_name],
          ['Rules', (row) => row.rules],
        ],
        rows,
      ),
    );
  },
});
