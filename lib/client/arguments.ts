import type { TSchema } from 'typebox';
import type { Answer, Body, Endpoint, Params, Query } from '../wire/endpoint.js';

/** Fields that may be left out may be undefined as well: JSON and query strings leave them out. */
export type Loose<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer I)[]
    ? Loose<I>[]
    : T extends object
      ? { [K in keyof T]: Record<never, never> extends Pick<T, K> ? Loose<T[K]> | undefined : Loose<T[K]> }
      : T;

/** What an operation is told: parameters of path and query side by side, and its body. */
export type Arguments<E extends Endpoint> = Loose<Params<E>> &
  Loose<Query<E>> &
  (E['body'] extends TSchema ? { body: Loose<Body<E>> } : unknown);

/**
 * One operation of the API as a function.
 *
 * @throws ApiResponseError when the server refuses, ServerUnreachableError when there is none
 */
export type Operation<E extends Endpoint> =
  Record<never, never> extends Arguments<E>
    ? (request?: Arguments<E>) => Promise<Answer<E>>
    : (request: Arguments<E>) => Promise<Answer<E>>;

/** Splits a request into the address below the base path and the body. */
export function addressOf(endpoint: Endpoint, request: Readonly<Record<string, unknown>>): string {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(String(request[name])),
  );
  const query = new URLSearchParams();
  for (const name of Object.keys(endpoint.query.properties)) {
    for (const value of [request[name]].flat()) if (value !== undefined) query.append(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
