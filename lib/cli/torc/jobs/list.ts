import { listAll } from '../../../client/all.js';
import { JOB_STATUSES } from '../../../wire/job-status.js';
import { choice, flag, integer } from '../../tree/option.js';
import { command } from '../command.js';
import { LIST_OPTIONS, pagingOf } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { JOB } from './kind.js';

export const listJobs = command({
  name: 'list',
  aliases: ['list-by-status'],
  summary: 'List the jobs of a workflow',
  positionals: WORKFLOW_ID,
  options: {
    status: choice('Only with this status', JOB_STATUSES, { alias: 's' }),
    'upstream-job-id': integer('Only jobs that wait for this one', { value: 'JOB_ID' }),
    ...LIST_OPTIONS,
    'include-relationships': flag('With the ids of dependencies, files and user data'),
  },
  examples: [
    { text: 'What failed', command: 'torc jobs list 1 -s failed' },
    { text: 'Everything, for a program', command: 'torc -f json jobs list 1 --include-relationships' },
  ],
  async run({ workflowId: given, status, upstreamJobId, includeRelationships, ...values }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const jobs = await listAll(client.jobs.list, {
      ...{ workflow_id, status, upstream_job_id: upstreamJobId },
      include_relationships: includeRelationships ? true : undefined,
      ...pagingOf(values),
    });
    session.showList('jobs', jobs, {
      title: `Jobs for workflow ID ${workflow_id}`,
      empty: `No jobs found for workflow ID: ${workflow_id}`,
      columns: JOB.columns,
    });
  },
});
