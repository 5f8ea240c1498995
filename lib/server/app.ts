import { randomUUID } from 'node:crypto';
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
  fastify,
  LogController,
} from 'fastify';
import { openApiDocument } from '../wire/openapi.js';
import { ApiError } from './api-error.js';
import { addApiRoutes } from './api-routes.js';
import { authenticate } from './auth/authenticate.js';
import { addEventStreamRoute } from './event-stream-route.js';
import type { ServerContext } from './handlers.js';
import { DEFAULT_SERVER_OPTIONS, type ServerOptions } from './options.js';
import { refuseOtherMethods } from './other-methods.js';

/** Bytes; 10,000 jobs with long commands fit. */
const BODY_LIMIT = 256 * 1024 * 1024;

/** Characters of one part of a path: names of users and workers. */
const PATH_PART_LIMIT = 5000;

/** The server without a port: listens when told to, and answers `inject` in tests. */
export function buildServer(
  context: ServerContext,
  options: ServerOptions = DEFAULT_SERVER_OPTIONS,
  https: ServerTls | null = null,
): FastifyInstance {
  const app = fastify(fastifyOptions(options, https));
  readBodiesAsText(app);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-span-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, user } = request;
    request.log.debug({ method, url, user, status: reply.statusCode, ms: reply.elapsedTime }, 'answered');
  });
  authenticate(app, options, context.now);
  app.setErrorHandler((error, _request, reply) => answerError(error, reply));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  refuseOtherMethods(app);
  addApiRoutes(app, context);
  addEventStreamRoute(app, context);
  app.get('/openapi.json', () => openApiDocument(context.version));
  return app;
}

/** PEM texts. */
export interface ServerTls {
  key: string;
  cert: string;
}

function fastifyOptions({ logger }: ServerOptions, https: ServerTls | null): FastifyServerOptions {
  return {
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => [request.headers['x-span-id']].flat()[0] ?? randomUUID(),
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: PATH_PART_LIMIT },
    ...(logger === null ? {} : { loggerInstance: logger }),
    // The type of an HTTPS server differs in its sockets alone, which nothing here touches.
    ...((https === null ? {} : { https }) as object),
  };
}

/** Clients say what they like about their bodies, all of which are JSON; operations that take none do not read theirs. */
function readBodiesAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

/** Errors of the router and of HTTP itself are the client's; anything else is ours. */
function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof ApiError) return reply.code(error.status).headers(error.headers).send(error.body);
  const { statusCode, message } = error as { statusCode?: number; message: string };
  if (statusCode !== undefined && statusCode < 500)
    return reply.code(statusCode).send({ error: { message } });
  reply.log.error(error);
  return reply.code(500).send({ error: { message: 'An internal error occurred' } });
}
