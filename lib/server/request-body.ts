import type { TSchema } from 'typebox';
import type { Endpoint } from '../wire/endpoint.js';
import { ApiError } from './api-error.js';

/** Levels of arrays and objects within each other; deeper values are no data, and SQLite reads no more than 1,000. */
const MAX_DEPTH = 100;

/** Names of unknown fields that are told to the client, and characters of each: a header has its limits. */
const MAX_NAMES = 20;
const MAX_NAME = 100;

/** A schema, as far as fields within fields go. */
interface Shape {
  properties?: Record<string, Shape>;
  items?: Shape;
}

/** A body after reading, and fields in it that the API does not know. */
export interface RequestBody {
  value: unknown;
  unknownFields: readonly string[];
}

/**
 * Reads the body of an operation that takes one. Fields of models that are null say as much as absent ones.
 *
 * @param newer turns older forms of the body into what the operation takes
 * @throws ApiError 400 when there is none, or it is no JSON
 */
export function readBody(
  text: string,
  { body: schema, isModel }: Endpoint,
  newer: (body: unknown) => unknown,
): RequestBody {
  if (text === '') throw new ApiError(400, 'Missing required body parameter body');
  const value = parseJson(text);
  if (isTooDeep(value, MAX_DEPTH))
    throw new ApiError(400, `the body is nested deeper than ${MAX_DEPTH} levels`);
  if (!isModel) return { value, unknownFields: [] };
  const unknown = new Set<string>();
  const known = withoutNulls(newer(value), shapeOf(schema), '', unknown);
  return { value: known, unknownFields: [...unknown].slice(0, MAX_NAMES) };
}

/** As clients of the API know it; characters that no header may have are escaped. */
export function unknownFieldsWarning(names: readonly string[]): string {
  const text = `Ignoring unknown fields in body: ${JSON.stringify(names)}`;
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replaceAll(/[^\x20-\x7e]/g, escaped);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError(400, `the body is no JSON: ${(error as Error).message}`, {}, { cause: error });
  }
}

function isTooDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}

function shapeOf(schema: TSchema | null): Shape {
  return (schema ?? {}) as Shape;
}

/** @param path of the value, for the names of unknown fields; elements of an array have the array's */
function withoutNulls(
  value: unknown,
  { properties, items }: Shape,
  path: string,
  unknown: Set<string>,
): unknown {
  if (Array.isArray(value)) {
    return items === undefined ? value : value.map((inner) => withoutNulls(inner, items, path, unknown));
  }
  if (properties === undefined || typeof value !== 'object' || value === null) return value;
  const model: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    const shape = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (shape === undefined) unknown.add((path + name).slice(0, MAX_NAME));
    else if (field !== null) model[name] = withoutNulls(field, shape, `${path}${name}.`, unknown);
  }
  return model;
}
