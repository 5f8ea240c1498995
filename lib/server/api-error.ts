/** Codes that a client's mistake may have. */
export type ClientErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 422 | 429;

/** What an error says beside its message: the field that is wrong, its value, and what particular clients look for. */
export interface ErrorDetail {
  field?: string;
  value?: unknown;
  /** The kind, where clients expect it: `Forbidden`, `NotFound`, `Conflict`. */
  error?: string;
  claimed?: boolean;
}

/** An answer to a mistake of the client: `{"error": {"message": …, "field": …, "value": …}}`. */
export class ApiError extends Error {
  constructor(
    readonly status: ClientErrorStatus,
    message: string,
    readonly detail: ErrorDetail = {},
    options?: ErrorOptions,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message, options);
    this.name = 'ApiError';
  }

  get body(): { error: { message: string } & ErrorDetail } {
    return { error: { message: this.message, ...this.detail } };
  }
}

/** @param noun as in `Job not found with ID: 7` */
export function notFound(noun: string, id: number): ApiError {
  return new ApiError(404, `${noun} not found with ID: ${id}`);
}
