import type { EventModel } from '../../wire/events.js';
import { type Condition, Table } from './table.js';

export const EVENT = new Table<EventModel>('event', ['workflow_id', 'timestamp', 'data'], { data: 'json' });

/** @param after milliseconds since the epoch */
export function eventsAfter(after: number | undefined): Condition | null {
  return after === undefined ? null : { sql: 'timestamp > ?', values: [after] };
}
