import { required, text, usage } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { EVENT, shown } from './kind.js';

export const createEvent = command({
  name: 'create',
  summary: 'Write an event into the history of a workflow',
  positionals: WORKFLOW_ID,
  options: { data: required(text('What happened', { alias: 'd', value: 'JSON' })) },
  examples: [
    { text: 'A note', command: `torc events create 1 -d '{"category": "note", "text": "new inputs"}'` },
  ],
  async run({ workflowId: given, data }, session) {
    const parsed = parseData(data);
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const event = shown(await client.events.create({ body: { workflow_id, timestamp: 0, data: parsed } }));
    session.show(event, () => renderOne('Successfully created event:', EVENT, event));
  },
});

function parseData(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch (error) {
    throw usage(`--data is no JSON: ${(error as Error).message}`, `as in --data '{"text": "note"}'`);
  }
}
