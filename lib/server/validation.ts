import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { TSchema } from 'typebox';
import { ApiError } from './api-error.js';

/** Ids and counts are whole numbers, `true` and `false` the only booleans: nothing else is taken for them. */
const FROM_TEXT = new Ajv({ coerceTypes: 'array', useDefaults: true, verbose: true });
const FROM_JSON = new Ajv({ verbose: true });

export type Place = 'path parameter' | 'query parameter' | 'body';

/** Compiles a schema into what turns a part of a request into its type, or throws ApiError 400. */
export function validator(schema: TSchema, place: Place): (value: unknown) => unknown {
  // Schemas are made by typebox, which marks optional fields for itself alone.
  const plain = JSON.parse(JSON.stringify(schema)) as object;
  const validate = (place === 'body' ? FROM_JSON : FROM_TEXT).compile(plain);
  return (value) => {
    if (validate(value)) return value;
    throw refusal(place, validate);
  };
}

function refusal(place: Place, { errors }: ValidateFunction): ApiError {
  const error = errors?.[0];
  if (error === undefined) throw new Error('ajv reported no error');
  const field = fieldOf(error);
  const where = field === '' ? place : `${place} ${field}`;
  const detail = field === '' ? {} : { field };
  const value = error.keyword === 'required' ? {} : { value: error.data as unknown };
  return new ApiError(400, `${where}: ${explain(error)}`, { ...detail, ...value });
}

function fieldOf({ instancePath, keyword, params }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.');
  if (keyword !== 'required') return path;
  return [path, String(params.missingProperty)].filter((part) => part !== '').join('.');
}

function explain({ keyword, params, message, data }: ErrorObject): string {
  if (keyword === 'required') return 'missing';
  const found = `found ${JSON.stringify(data)}`;
  if (keyword === 'enum') return `expected one of ${(params.allowedValues as string[]).join(', ')}; ${found}`;
  return `${message ?? 'invalid'}; ${found}`;
}
