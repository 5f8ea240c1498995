import { EventEmitter } from 'node:events';
import type { StreamedEvent } from '../wire/events.js';

/** Passes events of workflows on to whoever listens at the moment; nothing is kept. */
export class EventHub {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  publish(event: StreamedEvent): void {
    this.emitter.emit(String(event.workflow_id), event);
  }

  /** @returns what ends the subscription */
  subscribe(workflow: number, listener: (event: StreamedEvent) => void): () => void {
    this.emitter.on(String(workflow), listener);
    return () => this.emitter.off(String(workflow), listener);
  }

  /** How many listen to a workflow. */
  listeners(workflow: number): number {
    return this.emitter.listenerCount(String(workflow));
  }
}
