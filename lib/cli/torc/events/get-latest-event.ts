import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { EVENT, shown } from './kind.js';

export const getLatestEvent = command({
  name: 'get-latest-event',
  summary: 'Show the newest event of a workflow',
  positionals: WORKFLOW_ID,
  examples: [{ text: 'Of workflow 1', command: 'torc events get-latest-event 1' }],
  async run({ workflowId: given }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const { items } = await client.events.list({
      ...{ workflow_id, limit: 1, sort_by: 'timestamp', reverse_sort: true },
    });
    const event = items[0] === undefined ? null : shown(items[0]);
    session.show(event, () =>
      event === null
        ? `No events found for workflow ID: ${workflow_id}\n`
        : renderOne('Latest event:', EVENT, event),
    );
  },
});
