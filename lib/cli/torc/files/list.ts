import { listAll } from '../../../client/all.js';
import { integer } from '../../tree/option.js';
import { command } from '../command.js';
import { LIST_OPTIONS, pagingOf } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { FILE } from './kind.js';

export const listFiles = command({
  name: 'list',
  summary: 'List the files of a workflow',
  positionals: WORKFLOW_ID,
  options: {
    'produced-by-job-id': integer('Only files that this job writes', { value: 'JOB_ID' }),
    ...LIST_OPTIONS,
  },
  examples: [
    { text: 'By name', command: 'torc files list 1 --sort-by name' },
    { text: 'What job 7 writes, for a program', command: 'torc -f json files list 1 --produced-by-job-id 7' },
  ],
  async run({ workflowId: given, producedByJobId, ...values }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const files = await listAll(client.files.list, {
      workflow_id,
      produced_by_job_id: producedByJobId,
      ...pagingOf(values),
    });
    session.showList('files', files, {
      title: `Files for workflow ID ${workflow_id}`,
      empty: `No files found for workflow ID: ${workflow_id}`,
      columns: FILE.columns,
    });
  },
});
