import type { ServerResponse } from 'node:http';
import type { StreamedEvent } from '../wire/events.js';
import { SEVERITIES, type Severity } from '../wire/severity.js';

/** Events that wait for a reader who is slow; the oldest of more are dropped. */
const BUFFER = 512;

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  // Proxies of the nginx family collect answers otherwise.
  'x-accel-buffering': 'no',
};

/** Milliseconds after which the system asks whether a silent reader is still there. */
const KEEP_ALIVE = 60_000;

/** Whoever asks for no severity that there is gets `info`. */
export function severityOf(text: string): Severity {
  const wanted = text.toLowerCase();
  return SEVERITIES.find((severity) => severity === wanted) ?? 'info';
}

/** One reader of the events of a workflow. */
export class EventStream {
  private readonly waiting: StreamedEvent[] = [];
  private dropped = 0;
  private isFull = false;

  /** @param level the least severity that is wanted */
  constructor(
    private readonly response: ServerResponse,
    private readonly level: Severity,
    spanId: string,
  ) {
    response.writeHead(200, { ...HEADERS, 'x-span-id': spanId });
    response.flushHeaders();
    response.socket?.setKeepAlive(true, KEEP_ALIVE);
    response.on('drain', () => {
      this.isFull = false;
      this.flush();
    });
  }

  push(event: StreamedEvent): void {
    if (SEVERITIES.indexOf(event.severity) < SEVERITIES.indexOf(this.level)) return;
    this.waiting.push(event);
    if (this.waiting.length > BUFFER) {
      this.waiting.shift();
      this.dropped += 1;
    }
    this.flush();
  }

  end(): void {
    this.response.end();
  }

  private flush(): void {
    if (this.isFull) return;
    if (this.dropped > 0) {
      this.write('warning', { dropped: this.dropped });
      this.dropped = 0;
    }
    while (!this.isFull) {
      const event = this.waiting.shift();
      if (event === undefined) return;
      this.write(event.event_type, event);
    }
  }

  private write(type: string, data: object): void {
    this.isFull = !this.response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}
