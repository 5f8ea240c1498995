import t from 'tap';
import { connect } from '../../lib/client/client.js';
import { parseMessage, type StreamMessage, streamEvents } from '../../lib/client/event-stream.js';
import { insertWorkflow, runningServer } from './running-server.js';

const EVENT = {
  workflow_id: 1,
  timestamp: 5,
  event_type: 'job_started',
  severity: 'info' as const,
  data: { a: 'b\nc' },
};

t.test('messages of an event stream', async (t) => {
  const json = JSON.stringify(EVENT);
  for (const [text, message] of [
    [`event: job_started\ndata: ${json}`, { kind: 'event', event: EVENT }],
    ['event: warning\ndata: {"dropped": 3}', { kind: 'dropped', count: 3 }],
    [': still here', null],
    ['', null],
  ] as const) {
    t.same(parseMessage(text), message);
  }
});

t.test('events are read as they happen, until the reader has enough', async (t) => {
  const { client, server } = await runningServer(t);
  insertWorkflow(server, 'w', 'alice');
  const enough = new AbortController();
  const heard: StreamMessage[] = [];
  const timer = setInterval(() => server.context.events.publish({ ...EVENT, severity: 'warning' }), 20);
  t.teardown(() => clearInterval(timer));
  for await (const message of streamEvents(client, 1, { level: 'warning', signal: enough.signal })) {
    heard.push(message);
    if (heard.length === 3) enough.abort();
  }
  t.same(heard[0], { kind: 'event', event: { ...EVENT, severity: 'warning' } });
  t.equal(heard.length, 3);
});

t.test('a stream of no workflow, of no server', async (t) => {
  const { client } = await runningServer(t);
  const next = (reader: AsyncGenerator<StreamMessage>) => reader.next();
  await t.rejects(next(streamEvents(client, 9)), { message: /Workflow not found with ID: 9/ });
  const nobody = connect('http://127.0.0.1:1/torc-service/v1');
  await t.rejects(next(streamEvents(nobody, 1)), { code: 'server-unreachable' });
});
