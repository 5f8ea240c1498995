import type { FastifyInstance, HTTPMethods, RouteOptions } from 'fastify';
import { BASE_PATH } from '../wire/endpoint.js';
import { PATHS_WITHOUT_OPERATION } from '../wire/events.js';
import { routePath } from './route-path.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const satisfies HTTPMethods[];

/** Answers 405 with an empty body on every path that is known, to methods that it has not. */
export function refuseOtherMethods(app: FastifyInstance): void {
  const known = new Map<string, Set<string>>();
  const collect = ({ url, method }: RouteOptions) => {
    const methods = known.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    known.set(url, methods);
  };
  for (const path of PATHS_WITHOUT_OPERATION) known.set(BASE_PATH + routePath(path), new Set());
  app.addHook('onRoute', collect);
  // A plugin is loaded when all routes outside of it are there.
  app.register(async (inner) => {
    for (const [url, methods] of [...known]) {
      const others = METHODS.filter((method) => !methods.has(method));
      const allow = [...methods].join(', ');
      inner.route({
        ...{ method: others, url },
        handler: (_request, reply) => reply.code(405).header('allow', allow).send(),
      });
    }
  });
}
