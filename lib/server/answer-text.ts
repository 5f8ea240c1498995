import type { FastifyRequest } from 'fastify';
import type { Endpoint } from '../wire/endpoint.js';
import type { Page } from '../wire/page.js';

/**
 * The JSON of an answer. Lists had their items under their own names once, `jobs` or `files`, and scripts around curl
 * read them there; who says that he accepts anything, as curl does, gets both. Clients that want JSON get the envelope alone.
 */
export function answerText(endpoint: Endpoint, request: FastifyRequest, answer: unknown): string {
  const name = olderName(endpoint);
  return name === null || request.headers.accept !== '*/*'
    ? JSON.stringify(answer)
    : withBothNames(name, answer as Page<unknown>);
}

/** `jobs` of `GET /jobs`; null for what is no list of a collection. */
function olderName({ method, path, response }: Endpoint): string | null {
  const { properties = {} } = response as { properties?: object };
  const isPage = method === 'GET' && 'max_limit' in properties;
  return isPage ? (/^\/(\w+)$/.exec(path)?.[1] ?? null) : null;
}

function withBothNames(name: string, { items, ...envelope }: Page<unknown>): string {
  const text = JSON.stringify(items);
  return `{"items":${text},"${name}":${text},${JSON.stringify(envelope).slice(1)}`;
}
