import { listAll } from '../../../client/all.js';
import { command } from '../command.js';
import { LIST_OPTIONS, pagingOf } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { REQUIREMENTS } from './kind.js';

export const listResourceRequirements = command({
  name: 'list',
  summary: 'List the resource requirements of a workflow',
  positionals: WORKFLOW_ID,
  options: LIST_OPTIONS,
  examples: [
    {
      text: 'The largest first',
      command: 'torc resource-requirements list 1 --sort-by num_cpus --reverse-sort',
    },
  ],
  async run({ workflowId: given, ...values }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const records = await listAll(client.resourceRequirements.list, { workflow_id, ...pagingOf(values) });
    session.showList('resource_requirements', records, {
      title: `Resource requirements for workflow ID ${workflow_id}`,
      empty: `No resource requirements found for workflow ID: ${workflow_id}`,
      columns: REQUIREMENTS.columns,
    });
  },
});
