import { STATUS_CODES } from 'node:http';
import { AfterokError } from '../errors.js';

/** The server answered that it will not do it. */
export class ApiResponseError extends AfterokError {
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
    /** What is wrong about the request, where the server says so. */
    readonly field: string | null,
    readonly value: unknown,
    /** The answer as it came. */
    readonly body: unknown,
  ) {
    super(
      'server-refused',
      message,
      status === 401 ? 'give a user and a password: --username, --password' : null,
    );
    this.name = 'ApiResponseError';
  }
}

/** Nobody answered: no server, a server that is on its way down or up, or no way to it. */
export class ServerUnreachableError extends AfterokError {
  constructor(
    readonly url: string,
    cause: Error,
  ) {
    super(
      'server-unreachable',
      `no server answers at ${url}: ${cause.message || (cause as NodeJS.ErrnoException).code || cause.name}`,
      'start one (torc-server run), name another (--url, TORC_API_URL), or run on your own with --standalone',
      { cause },
    );
    this.name = 'ServerUnreachableError';
  }
}

/** Makes the error of an answer that is no success, whatever form its body has. @param place what was asked: `GET /files/3` */
export function refusalOf(status: number, text: string, place: string): ApiResponseError {
  const body = parsed(text);
  const error = (body as { error?: unknown } | null)?.error;
  const detail = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const message = [detail.message, error, (body as { message?: unknown } | null)?.message, text].find(
    (candidate) => typeof candidate === 'string' && candidate.trim() !== '',
  );
  const field = typeof detail.field === 'string' ? detail.field : null;
  return new ApiResponseError(
    status,
    `${message ?? `${place}: ${status} ${STATUS_CODES[status] ?? ''}`}`,
    field,
    detail.value,
    body ?? text,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
