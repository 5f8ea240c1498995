import { MAX_PAGE } from '../wire/limits.js';
import type { Page } from '../wire/page.js';

type Paged = { offset?: number | undefined; limit?: number | undefined };

/**
 * Every item of a list, page by page: `for await (const job of all(client.jobs.list, { workflow_id: 1 }))`. With a
 * `limit` no more than that many, with an `offset` those behind it.
 */
export async function* all<R extends Paged, T>(
  list: (request: R) => Promise<Page<T>>,
  request: R,
): AsyncGenerator<T> {
  const { limit = Infinity, offset: first = 0 } = request;
  let offset = first;
  for (;;) {
    const left = first + limit - offset;
    const page = await list({
      ...request,
      offset,
      limit: left === Infinity ? undefined : Math.min(left, MAX_PAGE),
    });
    yield* page.items;
    offset += page.items.length;
    if (!page.has_more || page.items.length === 0 || offset - first >= limit) return;
  }
}

/** The same, at once. */
export async function listAll<R extends Paged, T>(
  list: (request: R) => Promise<Page<T>>,
  request: R,
): Promise<T[]> {
  const items: T[] = [];
  for await (const item of all(list, request)) items.push(item);
  return items;
}
