import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ALIASES, type Alias } from '../wire/aliases.js';
import { API } from '../wire/api.js';
import { BASE_PATH, type Endpoint } from '../wire/endpoint.js';
import { answerText } from './answer-text.js';
import { ApiError } from './api-error.js';
import { requireAccess } from './auth/workflow-access.js';
import { clientMistake } from './client-mistake.js';
import type { ApiRequest, Handler, ServerContext } from './handlers.js';
import { inNewerForm } from './older-bodies.js';
import { readBody, unknownFieldsWarning } from './request-body.js';
import { routePath } from './route-path.js';
import { HANDLERS } from './routes/handlers.js';
import { pathValues, queryValues } from './text-values.js';
import { validator } from './validation.js';

type Translate = Alias['translate'];

/** A route for each operation of the API that has a handler, and for the older forms of operations. */
export function addApiRoutes(app: FastifyInstance, context: ServerContext): void {
  for (const [group, endpoints] of Object.entries(API)) {
    for (const [name, endpoint] of Object.entries(endpoints as Record<string, Endpoint>)) {
      const handler = handlerOf(group, name);
      if (handler !== undefined) addRoute(app, endpoint, handler, context, (parts) => parts);
    }
  }
  for (const { group, operation, endpoint, translate } of ALIASES) {
    const handler = handlerOf(group, operation);
    if (handler !== undefined) addRoute(app, endpoint, handler, context, translate);
  }
}

function handlerOf(group: string, name: string): Handler<Endpoint> | undefined {
  const handlers = HANDLERS[group as keyof typeof HANDLERS] as Record<string, Handler<Endpoint>> | undefined;
  return handlers?.[name];
}

function addRoute(
  app: FastifyInstance,
  endpoint: Endpoint,
  handler: Handler<Endpoint>,
  context: ServerContext,
  translate: Translate,
): void {
  const read = reader(endpoint, context, translate);
  app.route({
    method: endpoint.method,
    url: BASE_PATH + routePath(endpoint.path),
    handler: (request, reply) => {
      const parsed = read(request, reply);
      if (context.enforceAccessControl) requireAccess(endpoint, parsed, context);
      const answer = answerOf(handler, parsed, context);
      return reply
        .code(endpoint.status)
        .header('content-type', 'application/json')
        .send(answerText(endpoint, request, answer));
    },
  });
}

/** What turns a request into what handlers take, or throws ApiError 400. */
function reader(endpoint: Endpoint, context: ServerContext, translate: Translate) {
  const checkParams = validator(endpoint.params, 'path parameter');
  const checkQuery = validator(endpoint.query, 'query parameter');
  const checkBody = endpoint.body === null ? null : validator(endpoint.body, 'body');
  return (request: FastifyRequest, reply: FastifyReply): ApiRequest<Endpoint> => {
    if (Object.values(request.params as object).includes('')) throw new ApiError(404, 'no such path');
    const params = checkParams(pathValues(request.params, endpoint.params)) as Record<string, unknown>;
    const query = checkQuery(queryValues(request.url, endpoint.query)) as Record<string, unknown>;
    let body: unknown;
    if (checkBody !== null) {
      const text = (request.body as string | undefined) ?? '';
      const newer = (given: unknown) => inNewerForm(endpoint, given, context);
      const { value, unknownFields } = readBody(text, endpoint, newer);
      if (unknownFields.length > 0) reply.header('warning', unknownFieldsWarning(unknownFields));
      body = checkBody(value);
    }
    return { ...translate({ params, query, body }), user: request.user } as ApiRequest<Endpoint>;
  };
}

function answerOf(
  handler: Handler<Endpoint>,
  request: ApiRequest<Endpoint>,
  context: ServerContext,
): unknown {
  try {
    return handler(request, context);
  } catch (error) {
    throw clientMistake(error, request.body) ?? error;
  }
}
