import type { EventModel } from '../../wire/events.js';
import { Table } from './table.js';

export const EVENT = new Table<EventModel>('event', ['workflow_id', 'timestamp', 'data'], { data: 'json' });
