import { EventEmitter, once } from 'node:events';
import { get, type ServerResponse } from 'node:http';
import t from 'tap';
import { EventStream, severityOf } from '../../lib/server/event-stream.js';
import { BASE_PATH } from '../../lib/wire/endpoint.js';
import type { Severity } from '../../lib/wire/severity.js';
import { insertWorkflow } from './rows.js';
import { TestServer } from './server.js';

function event(severity: Severity, number = 0) {
  return { workflow_id: 1, timestamp: 5, event_type: `job_${severity}`, severity, data: { number } };
}

t.test('severities are read in letters of any size', async (t) => {
  t.same(['ERROR', 'Debug', 'nonsense', ''].map(severityOf), ['error', 'debug', 'info', 'info']);
});

t.test('events of a workflow reach who listens, until the server closes', async (t) => {
  const server = TestServer.open(t);
  insertWorkflow(server.context.db);
  insertWorkflow(server.context.db);
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const answer = await fetch(`${url}${BASE_PATH}/workflows/1/events/stream?level=Warning`);
  t.match(Object.fromEntries(answer.headers), {
    ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' },
    'x-span-id': /./,
  });
  for (const severity of ['debug', 'info', 'warning', 'error'] as const) {
    server.context.events.publish(event(severity));
    server.context.events.publish({ ...event(severity), workflow_id: 2 });
  }
  const closed = server.app.close();
  const message = (severity: Severity) =>
    `event: job_${severity}\ndata: ${JSON.stringify(event(severity))}\n\n`;
  t.equal(await answer.text(), message('warning') + message('error'));
  await closed;
});

t.test('a workflow that is not there has no stream', async (t) => {
  const server = TestServer.open(t);
  t.match(await server.ask('GET', '/workflows/1/events/stream'), { status: 404 });
});

t.test('a reader who goes is forgotten', async (t) => {
  const server = TestServer.open(t);
  insertWorkflow(server.context.db);
  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const reader = get(`${url}${BASE_PATH}/workflows/1/events/stream`);
  await once(reader, 'response');
  reader.on('error', () => {});
  t.equal(server.context.events.listeners(1), 1);
  reader.destroy();
  while (server.context.events.listeners(1) > 0) await new Promise(setImmediate);
});

/** A connection that takes nothing until it is told to. */
class SlowResponse extends EventEmitter {
  readonly written: string[] = [];
  isSlow = true;
  socket = null;

  writeHead(): void {}
  flushHeaders(): void {}
  end(): void {}

  write(text: string): boolean {
    this.written.push(text);
    return !this.isSlow;
  }
}

t.test('a reader who is slow loses the oldest events, and hears how many', async (t) => {
  const response = new SlowResponse();
  const stream = new EventStream(response as unknown as ServerResponse, 'info', 'span');
  for (let number = 0; number < 600; number += 1) stream.push(event('info', number));
  t.equal(response.written.length, 1, 'the first was under way');
  response.isSlow = false;
  response.emit('drain');
  const [, dropped, next] = response.written;
  t.equal(dropped, 'event: warning\ndata: {"dropped":87}\n\n');
  t.match(next, /"number":88/);
  t.equal(response.written.length, 2 + 512);
  stream.push(event('info', 600));
  t.match(response.written.at(-1), /"number":600/);
});
