import type { FastifyInstance } from 'fastify';
import { BASE_PATH, type Params, type Query } from '../wire/endpoint.js';
import { EVENT_STREAM } from '../wire/events.js';
import { requireWorkflowAccess } from './auth/workflow-access.js';
import { EventStream, severityOf } from './event-stream.js';
import type { ServerContext } from './handlers.js';
import { routePath } from './route-path.js';
import { existingWorkflow } from './routes/existing.js';
import { pathValues, queryValues } from './text-values.js';
import { validator } from './validation.js';

type Stream = typeof EVENT_STREAM;

/** Readers stay until they go, or the server does. */
export function addEventStreamRoute(app: FastifyInstance, context: ServerContext): void {
  const checkParams = validator(EVENT_STREAM.params, 'path parameter');
  const checkQuery = validator(EVENT_STREAM.query, 'query parameter');
  const streams = new Set<EventStream>();
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });
  app.get(BASE_PATH + routePath(EVENT_STREAM.path), (request, reply) => {
    const { id } = checkParams(pathValues(request.params, EVENT_STREAM.params)) as Params<Stream>;
    const { level = 'info' } = checkQuery(queryValues(request.url, EVENT_STREAM.query)) as Query<Stream>;
    existingWorkflow(context, id);
    if (context.enforceAccessControl) requireWorkflowAccess(context, request.user, id);
    reply.hijack();
    const stream = new EventStream(reply.raw, severityOf(level), request.id);
    streams.add(stream);
    const unsubscribe = context.events.subscribe(id, (event) => stream.push(event));
    const leave = () => {
      unsubscribe();
      streams.delete(stream);
    };
    reply.raw.on('close', leave);
    if (request.socket.destroyed) leave();
  });
}
