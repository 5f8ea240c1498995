import type { StreamMessage } from '../../../client/event-stream.js';
import { SEVERITIES } from '../../../wire/severity.js';
import { choice, decimal, fallback, integer, path, text } from '../../tree/option.js';
import { command } from '../command.js';
import type { Session } from '../session.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { EventFile } from './event-file.js';
import { inWords } from './kind.js';

export const monitorEvents = command({
  name: 'monitor',
  summary: 'Show what happens in a workflow as it happens, until Ctrl-C',
  positionals: WORKFLOW_ID,
  options: {
    duration: decimal('Stop after so many minutes', { alias: 'd', value: 'MINUTES' }),
    level: fallback(choice('The least severity', SEVERITIES), 'info'),
    category: text('Only events of this type', { alias: 'c', value: 'TYPE' }),
    filename: path('Write events to this file as well, one JSON object a line'),
    'poll-interval': integer('Accepted for the sake of old scripts: events come by themselves', {
      alias: 'p',
    }),
  },
  examples: [
    { text: 'What goes wrong, for an hour', command: 'torc events monitor 1 --level warning -d 60' },
  ],
  async run({ workflowId: given, duration, level, category, filename }, session) {
    const client = await session.client();
    const workflow = await workflowId(session, given);
    await client.workflows.get({ id: workflow });
    const file = filename === undefined ? null : EventFile.open(filename);
    const stop = new AbortController();
    const timer = duration === undefined ? null : setTimeout(() => stop.abort(), duration * 60_000);
    process.once('SIGINT', () => stop.abort());
    const { streamEvents } = await import('../../../client/event-stream.js');
    session.note(`events of workflow ${workflow}; Ctrl-C ends this, not the workflow`);
    try {
      for await (const message of streamEvents(client, workflow, { level, signal: stop.signal })) {
        if (message.kind === 'event' && category !== undefined && message.event.event_type !== category)
          continue;
        show(message, session);
        if (message.kind === 'event') file?.append(message.event);
      }
    } finally {
      if (timer !== null) clearTimeout(timer);
      file?.close();
    }
  },
});

function show(message: StreamMessage, session: Session): void {
  if (message.kind === 'dropped') {
    session.warn(`${message.count} events were lost: they came faster than they were read`);
    return;
  }
  const { data, ...rest } = message.event;
  const event = { ...rest, timestamp_formatted: inWords(rest.timestamp), data };
  const { severity, event_type: type, timestamp_formatted: time } = event;
  session.show(event, () => `${time} [${severity}] ${type} ${JSON.stringify(data)}\n`);
}
