import type { WorkflowDatabase } from '../store/workflows/database.js';
import type { API } from '../wire/api.js';
import type { Answer, Body, Endpoint, Params, Query } from '../wire/endpoint.js';
import type { EventHub } from './event-hub.js';

/** What handlers work with. */
export interface ServerContext {
  db: WorkflowDatabase;
  /** To whom streamed events go. */
  events: EventHub;
  /** Milliseconds since the epoch. */
  now: () => number;
  version: string;
  /** Whether workflows are for their owners and their groups alone. */
  enforceAccessControl: boolean;
}

/** A request after validation. */
export interface ApiRequest<E extends Endpoint> {
  params: Params<E>;
  query: Query<E>;
  body: Body<E>;
  /** `anonymous` when nobody has said who he is. */
  user: string;
}

/** Answers one operation; runs without waiting for anything, so that it is one step for whoever else asks. */
export type Handler<E extends Endpoint> = (request: ApiRequest<E>, context: ServerContext) => Answer<E>;

/** One handler for each operation of a group: a missing one does not compile. */
export type Handlers<G extends Record<string, Endpoint>> = { [K in keyof G]: Handler<G[K]> };

export type ApiHandlers = { [G in keyof typeof API]: Handlers<(typeof API)[G]> };
