import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { ApiError } from './api-error.js';

const AJV = new Ajv({ useDefaults: true, verbose: true });
const BODY_AJV = new Ajv({ verbose: true });

export type Place = 'path parameter' | 'query parameter' | 'body';

/** Characters of a wrong value that a message repeats. */
const SHOWN = 100;

/**
 * What makes sure that a part of a request has its type, or throws ApiError 400. The schema is compiled for the first
 * request: a server that lives for one command needs few of them.
 */
export function validator(schema: TSchema, place: Place): (value: unknown) => unknown {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= (place === 'body' ? BODY_AJV : AJV).compile(plain(schema) as object);
    if (validate(value)) return value;
    throw refusal(place, validate);
  };
}

/**
 * The schema as other programs read it: typebox marks optional fields for itself alone. Integers have the bounds within
 * which numbers of JSON are exact.
 */
function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object' || schema === null) return schema;
  const fields = Object.entries(schema).map(([name, value]) => [name, plain(value)]);
  const copy = Object.fromEntries(fields) as Record<string, unknown>;
  if (copy.type !== 'integer') return copy;
  return { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...copy };
}

function refusal(place: Place, { errors }: ValidateFunction): ApiError {
  const error = errors?.[0];
  if (error === undefined) throw new Error('ajv reported no error');
  const field = fieldOf(error);
  const where = field === '' ? place : `${place} ${field}`;
  const found = shown(error.data);
  const value = error.keyword === 'required' || !found.isWhole ? {} : { value: error.data as unknown };
  return new ApiError(400, `${where}: ${explain(error, found.text)}`, {
    ...(field === '' ? {} : { field }),
    ...value,
  });
}

function fieldOf({ instancePath, keyword, params }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.');
  if (keyword !== 'required') return path;
  return [path, String(params.missingProperty)].filter((part) => part !== '').join('.');
}

function explain({ keyword, params, message }: ErrorObject, found: string): string {
  if (keyword === 'required') return 'missing';
  if (keyword === 'enum')
    return `expected one of ${(params.allowedValues as string[]).join(', ')}; found ${found}`;
  return `${message ?? 'invalid'}; found ${found}`;
}

function shown(value: unknown): { text: string; isWhole: boolean } {
  const text = JSON.stringify(value) ?? 'nothing';
  const isWhole = text.length <= SHOWN;
  return { text: isWhole ? text : `${text.slice(0, SHOWN)}…`, isWhole };
}
