import { listAll } from '../../../client/all.js';
import { text } from '../../tree/option.js';
import { command } from '../command.js';
import { NODE_LIST_OPTIONS, pagingOf } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { EVENT, shown } from './kind.js';

export const listEvents = command({
  name: 'list',
  summary: 'List the events of a workflow',
  positionals: WORKFLOW_ID,
  options: {
    type: text('Only of this category', { alias: 't', value: 'CATEGORY' }),
    category: text('The same', { alias: 'c', value: 'CATEGORY' }),
    ...NODE_LIST_OPTIONS,
  },
  examples: [{ text: 'The newest ten', command: 'torc events list 1 -s timestamp -r -l 10' }],
  async run({ workflowId: given, type, category = type, ...values }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const events = await listAll(client.events.list, { workflow_id, category, ...pagingOf(values) });
    session.showList('events', events.map(shown), {
      title: `Events for workflow ID ${workflow_id}`,
      empty: `No events found for workflow ID: ${workflow_id}`,
      columns: EVENT.columns,
    });
  },
});
