import { listAll } from '../../../client/all.js';
import { command } from '../command.js';
import { PAGING_OPTIONS } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { FAILURE_HANDLER } from './kind.js';

export const listFailureHandlers = command({
  name: 'list',
  summary: 'List the failure handlers of a workflow',
  positionals: WORKFLOW_ID,
  options: PAGING_OPTIONS,
  examples: [{ text: 'Of workflow 1', command: 'torc failure-handlers list 1' }],
  async run({ workflowId: given, limit, offset }, session) {
    const client = await session.client();
    const id = await workflowId(session, given);
    const handlers = await listAll(client.failureHandlers.list, { id, limit, offset });
    session.showList('failure_handlers', handlers, {
      title: `Failure handlers for workflow ID ${id}`,
      empty: `No failure handlers found for workflow ID: ${id}`,
      columns: FAILURE_HANDLER.columns,
    });
  },
});
