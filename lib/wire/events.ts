import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { collection, DELETED_COUNT, ID } from './page.js';
import type { Severity } from './severity.js';

export const EventModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  /** Milliseconds since the epoch; the server's, whatever a client sends. */
  timestamp: Type.Integer(),
  data: Type.Unknown(),
});
export type EventModel = Static<typeof EventModel>;

/** A message of the event stream; such events are not kept. */
export interface StreamedEvent {
  workflow_id: number;
  /** Milliseconds since the epoch. */
  timestamp: number;
  event_type: string;
  severity: Severity;
  data: unknown;
}

const PLAIN = collection({
  path: '/events',
  noun: 'event',
  model: EventModel,
  filters: {
    category: Type.Optional(Type.String()),
    /** Milliseconds since the epoch; events of that very moment are left out. */
    after_timestamp: Type.Optional(Type.Integer()),
  },
  deleted: DELETED_COUNT,
});

export const EVENTS = {
  ...PLAIN,
  update: endpoint({
    method: 'PUT',
    path: '/events/{id}',
    summary: "Replace an event's data: the body is the new data itself",
    params: ID,
    body: Type.Unknown(),
    response: EventModel,
    errors: [403, 404],
  }),
};

/** Streamed events of a workflow as they happen, as server-sent events; no JSON, and so not among the operations. */
export const EVENT_STREAM = endpoint({
  method: 'GET',
  path: '/workflows/{id}/events/stream',
  summary: 'Follow what happens in a workflow: server-sent events of at least a severity',
  params: ID,
  query: {
    /** The least severity, in letters of any size; `info` for anything else. */
    level: Type.Optional(Type.String({ default: 'info' })),
  },
  response: Type.String(),
  errors: [403, 404],
});

/** Paths that were once meant to have operations and have none: another answer than for unknown ones. */
export const PATHS_WITHOUT_OPERATION = [
  '/workflows/{id}/events_after_timestamp/{timestamp}',
  '/workflows/{id}/latest_event_timestamp',
  '/workflows/{id}/prepare_jobs_for_scheduling',
] as const;
