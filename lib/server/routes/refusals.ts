import { Refusal, type RefusalKind } from '../../store/workflows/refusal.js';
import type { Endpoint } from '../../wire/endpoint.js';
import { ApiError, type ClientErrorStatus } from '../api-error.js';
import type { Handler, Handlers } from '../handlers.js';

const STATUS: Readonly<Record<RefusalKind, ClientErrorStatus>> = {
  missing: 404,
  conflict: 409,
  invalid: 422,
};

/** The same handlers, answering with the API's errors where the store refuses something. */
export function answeringRefusals<G extends Record<string, Endpoint>>(handlers: Handlers<G>): Handlers<G> {
  const wrapped = Object.entries(handlers as Record<string, Handler<Endpoint>>).map(([name, handler]) => [
    name,
    answering(handler),
  ]);
  return Object.fromEntries(wrapped) as Handlers<G>;
}

function answering(handler: Handler<Endpoint>): Handler<Endpoint> {
  return (request, context) => {
    try {
      return handler(request, context);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      throw new ApiError(STATUS[cause.kind], cause.message, cause.detail, { cause });
    }
  };
}
