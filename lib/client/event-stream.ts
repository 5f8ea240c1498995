import type { StreamedEvent } from '../wire/events.js';
import type { Severity } from '../wire/severity.js';
import type { Client } from './client.js';
import { refusalOf } from './client-errors.js';

/** A message of a workflow's event stream; `dropped` ones were lost because this reader was too slow. */
export type StreamMessage = { kind: 'event'; event: StreamedEvent } | { kind: 'dropped'; count: number };

/**
 * A workflow's events as they happen, until the server ends the stream or `signal` does, which is no error.
 *
 * @param level the least severity
 * @throws ApiResponseError, ServerUnreachableError
 */
export async function* streamEvents(
  { connection }: Client,
  workflow: number,
  { level = 'info', signal }: { level?: Severity; signal?: AbortSignal } = {},
): AsyncGenerator<StreamMessage> {
  const path = `/workflows/${workflow}/events/stream?level=${level}`;
  try {
    const response = await connection.open({ method: 'GET', path, signal });
    // A quiet workflow is no dead server.
    response.socket.setTimeout(0);
    const status = response.statusCode ?? 0;
    if (status !== 200) throw refusalOf(status, await connection.textOf(response), `GET ${path}`);
    response.setEncoding('utf8');
    let rest = '';
    for await (const part of response) {
      const messages = (rest + (part as string)).replaceAll('\r\n', '\n').split('\n\n');
      rest = messages.pop() ?? '';
      for (const text of messages) {
        const message = parseMessage(text);
        if (message !== null) yield message;
      }
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** One message of `text/event-stream`; null for one without data, such as a comment that keeps the line open. */
export function parseMessage(text: string): StreamMessage | null {
  const lines = text.split('\n').filter((line) => line.startsWith('data:'));
  if (lines.length === 0) return null;
  const data = JSON.parse(lines.map((line) => line.slice('data:'.length)).join('\n')) as
    | StreamedEvent
    | { dropped: number };
  return 'dropped' in data ? { kind: 'dropped', count: data.dropped } : { kind: 'event', event: data };
}
