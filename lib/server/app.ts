import { randomUUID } from 'node:crypto';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { TObject } from 'typebox';
import { API } from '../wire/api.js';
import { BASE_PATH, type Endpoint } from '../wire/endpoint.js';
import { ApiError } from './api-error.js';
import type { ApiRequest, Handler, ServerContext } from './handlers.js';
import { HANDLERS } from './routes/handlers.js';
import { validator } from './validation.js';

/** Bytes; 10,000 jobs with long commands fit. */
const BODY_LIMIT = 256 * 1024 * 1024;

/** The server without a port: listens when told to, and answers `inject` in tests. */
export function buildServer(context: ServerContext): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    genReqId: (request) => [request.headers['x-span-id']].flat()[0] ?? randomUUID(),
    routerOptions: { ignoreTrailingSlash: false },
  });
  acceptAnyContentType(app);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-span-id', request.id);
  });
  app.setErrorHandler((error, _request, reply) => answerError(error, reply));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  for (const [group, endpoints] of Object.entries(API)) {
    const handlers = HANDLERS[group as keyof typeof HANDLERS] as
      | Record<string, Handler<Endpoint>>
      | undefined;
    for (const [name, endpoint] of Object.entries(endpoints as Record<string, Endpoint>)) {
      const handler = handlers?.[name];
      if (handler !== undefined) addRoute(app, endpoint, handler, context);
    }
  }
  return app;
}

/** Clients say what they like about their bodies: all are JSON, and an empty one is none. */
function acceptAnyContentType(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined);
    try {
      done(null, JSON.parse(body as string));
    } catch (error) {
      done(new ApiError(400, `the body is no JSON: ${(error as Error).message}`, {}, { cause: error }));
    }
  });
}

function addRoute(
  app: FastifyInstance,
  endpoint: Endpoint,
  handler: Handler<Endpoint>,
  context: ServerContext,
): void {
  const readParams = validator(endpoint.params, 'path parameter');
  const readQuery = validator(endpoint.query, 'query parameter');
  const readBody = endpoint.body === null ? null : validator(endpoint.body, 'body');
  app.route({
    method: endpoint.method,
    url: BASE_PATH + endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    handler: (request, reply) => {
      const body = readBody === null ? undefined : readBody(bodyOf(request, reply, endpoint));
      const parsed = {
        params: readParams(request.params),
        query: readQuery(request.query),
        body,
        user: 'anonymous',
      } as ApiRequest<Endpoint>;
      const answer = handler(parsed, context);
      return reply
        .code(endpoint.status)
        .header('content-type', 'application/json')
        .send(JSON.stringify(answer));
    },
  });
}

/** The body without fields that are null, which say as much as absent ones; unknown ones are told to the client. */
function bodyOf(request: FastifyRequest, reply: FastifyReply, { body: schema, isModel }: Endpoint): unknown {
  const { body } = request;
  if (body === undefined) throw new ApiError(400, 'Missing required body parameter body');
  if (!isModel || typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const known = Object.keys((schema as TObject).properties);
  const fields = Object.entries(body);
  const unknown = fields.map(([name]) => name).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    reply.header('warning', `Ignoring unknown fields in body: ${JSON.stringify(unknown)}`);
  return Object.fromEntries(fields.filter(([name, value]) => value !== null && known.includes(name)));
}

function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof ApiError) return reply.code(error.status).send(error.body);
  const { statusCode, message } = error as { statusCode?: number; message: string };
  if (statusCode !== undefined && statusCode < 500)
    return reply.code(statusCode).send({ error: { message } });
  reply.log.error(error);
  return reply.code(500).send({ error: { message: 'An internal error occurred' } });
}
