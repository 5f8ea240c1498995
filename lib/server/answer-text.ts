import type { FastifyRequest } from 'fastify';
import type { Endpoint } from '../wire/endpoint.js';
import type { Page } from '../wire/page.js';

/**
 * The JSON of an answer. Lists had their items under their own names once, `jobs` or `files`, and scripts around curl
 * read them there; whoever accepts anything gets both. Clients that say that they want JSON get the envelope alone.
 */
export function answerText(endpoint: Endpoint, request: FastifyRequest, answer: unknown): string {
  const name = olderName(endpoint);
  const { accept = '*/*' } = request.headers;
  return name === null || accept !== '*/*'
    ? JSON.stringify(answer)
    : withBothNames(name, answer as Page<unknown>);
}

/** `jobs` of `GET /jobs`; null for what is no list of a collection. */
function olderName({ method, path, response }: Endpoint): string | null {
  const { properties = {} } = response as { properties?: object };
  const isPage = method === 'GET' && 'items' in properties;
  return isPage ? (/^\/(\w+)$/.exec(path)?.[1] ?? null) : null;
}

function withBothNames(name: string, { items, ...envelope }: Page<unknown>): string {
  const text = JSON.stringify(items);
  return `{"items":${text},"${name}":${text},${JSON.stringify(envelope).slice(1)}`;
}
