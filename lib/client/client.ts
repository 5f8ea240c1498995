import { API } from '../wire/api.js';
import type { Endpoint } from '../wire/endpoint.js';
import { addressOf, type Operation } from './arguments.js';
import { Connection, type ConnectionOptions } from './connection.js';

type Groups = { [G in keyof typeof API]: { [O in keyof (typeof API)[G]]: Operation<Of<G, O>> } };
type Of<G extends keyof typeof API, O extends keyof (typeof API)[G]> = (typeof API)[G][O] extends Endpoint
  ? (typeof API)[G][O]
  : never;

/** The REST API as functions: `client.files.list({ workflow_id: 1 })`, `client.files.create({ body: file })`. */
export type Client = Groups & {
  readonly connection: Connection;
  /** Ends connections that are kept open. */
  close(): void;
};

/** Carries out one request. */
export type Send = (endpoint: Endpoint, request: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** @param url with the base path @throws AfterokError for what is no address */
export function connect(url: string, options: ConnectionOptions = {}): Client {
  const connection = new Connection(url, options);
  return clientOver(connection, sender(connection));
}

/** The plain way to send: once. */
export function sender(connection: Connection): Send {
  return (endpoint, request) =>
    connection.ask({
      method: endpoint.method,
      path: addressOf(endpoint, request),
      body: endpoint.body === null ? undefined : request.body,
    });
}

/** A client whose requests all go through `send`. */
export function clientOver(connection: Connection, send: Send): Client {
  const groups = Object.entries(API).map(([group, endpoints]) => {
    const operations = Object.entries(endpoints as Record<string, Endpoint>).map(([name, endpoint]) => [
      name,
      (request: Readonly<Record<string, unknown>> = {}) => send(endpoint, request),
    ]);
    return [group, Object.fromEntries(operations)];
  });
  return { ...Object.fromEntries(groups), connection, close: () => connection.close() } as Client;
}
