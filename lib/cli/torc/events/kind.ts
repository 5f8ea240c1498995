import type { EventModel } from '../../../wire/events.js';
import { lazyLibrary } from '../../lazy-library.js';
import type { RecordKind } from '../record-command.js';

const dates = lazyLibrary<typeof import('date-fns/format')>('date-fns/format');

/** An event as it is shown: with its time in words. */
export type ShownEvent = EventModel & { timestamp_formatted: string };

export const EVENT: RecordKind<ShownEvent> = {
  noun: 'event',
  group: 'events',
  columns: [
    ['ID', (event) => event.id],
    ['Timestamp', (event) => event.timestamp_formatted],
    ['Data', (event) => JSON.stringify(event.data)],
  ],
  more: [['Workflow ID', (event) => event.workflow_id]],
};

export function shown(event: EventModel): ShownEvent {
  const { data, ...rest } = event;
  return { ...rest, timestamp_formatted: inWords(event.timestamp), data };
}

/** @param timestamp milliseconds since the epoch @returns local time */
export function inWords(timestamp: number): string {
  return dates().format(timestamp, 'yyyy-MM-dd HH:mm:ss.SSS');
}
