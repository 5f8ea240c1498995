import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';

/** One operation of the REST API as data: server, client and OpenAPI document are made from it. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base path, with `{name}` for parameters. */
  path: string;
  summary: string;
  params: TObject;
  query: TObject;
  /** Null for an operation that takes none; a body that is sent all the same is ignored. */
  body: TSchema | null;
  /** Whether fields that the body's schema does not know are told to the client in a `warning` header. */
  isModel: boolean;
  status: 200 | 201;
  response: TSchema;
  /** Codes of errors beside 400, 401 and 500, which every operation may answer. */
  errors: readonly number[];
}

export const BASE_PATH = '/torc-service/v1';

/** What `endpoint` fills in for what is left out. */
type Defaulted<S> = {
  method: Endpoint['method'];
  path: string;
  summary: string;
  params: S extends { params: infer P extends TProperties } ? TObject<P> : TObject<Record<never, never>>;
  query: S extends { query: infer Q extends TProperties } ? TObject<Q> : TObject<Record<never, never>>;
  body: S extends { body: infer B extends TSchema } ? B : null;
  isModel: boolean;
  status: 200 | 201;
  response: S extends { response: infer R extends TSchema } ? R : never;
  errors: readonly number[];
};

interface Spec {
  method: Endpoint['method'];
  path: string;
  summary: string;
  params?: TProperties;
  query?: TProperties;
  body?: TSchema;
  isModel?: boolean;
  status?: 200 | 201;
  response: TSchema;
  errors?: readonly number[];
}

export function endpoint<const S extends Spec>(spec: S): Defaulted<S> {
  const { method, path, summary, params = {}, query = {}, body = null, response, errors = [] } = spec;
  const { isModel = false, status = 200 } = spec;
  return {
    ...{ method, path, summary, isModel, status, response, errors, body },
    params: Type.Object(params),
    query: Type.Object(query),
  } as unknown as Defaulted<S>;
}

export type Params<E extends Endpoint> = Static<E['params']>;
export type Query<E extends Endpoint> = Static<E['query']>;
export type Body<E extends Endpoint> = E['body'] extends TSchema ? Static<E['body']> : undefined;
export type Answer<E extends Endpoint> = Static<E['response']>;
