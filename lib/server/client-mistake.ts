import { FormatError } from '../format-error.js';
import { brokenRule } from '../store/workflows/broken-rule.js';
import { Refusal, type RefusalKind } from '../store/workflows/refusal.js';
import { ApiError, type ClientErrorStatus } from './api-error.js';

const STATUS: Readonly<Record<RefusalKind, ClientErrorStatus>> = {
  missing: 404,
  invalid: 422,
};

/**
 * What the store, the database or a parser of values refuses, as an answer to the client: what he sent breaks one of their rules.
 *
 * @param body what he sent
 * @returns null for what is a mistake of ours
 */
export function clientMistake(cause: unknown, body: unknown): ApiError | null {
  if (cause instanceof ApiError) return cause;
  if (cause instanceof Refusal)
    return new ApiError(STATUS[cause.kind], cause.message, cause.detail, { cause });
  const rule = brokenRule(cause);
  if (rule === null) return null;
  switch (rule.kind) {
    case 'duplicate': {
      const detail = { field: rule.field, ...sentAs(body, rule.field) };
      return new ApiError(409, `there is one with this ${rule.field} already`, detail, { cause });
    }
    case 'missing':
      return new ApiError(422, `${rule.field} is missing`, { field: rule.field }, { cause });
    case 'reference':
      return new ApiError(422, 'an id in it belongs to nothing that exists', {}, { cause });
    case 'check':
      return new ApiError(422, `not allowed: it must be that ${rule.rule}`, {}, { cause });
    default:
      return rule satisfies never;
  }
}

/**
 * Reads a field whose text has a form of its own.
 *
 * @throws ApiError 422 when it has not that form
 */
export function readField<T>(field: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new ApiError(422, cause.message, { field, value: text }, { cause });
  }
}

function sentAs(body: unknown, field: string): { value?: unknown } {
  const value = (body as Record<string, unknown> | null | undefined)?.[field];
  return value === undefined ? {} : { value };
}
