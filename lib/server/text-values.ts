import type { TObject } from 'typebox';

/** What a schema says of one name, as far as text goes. */
interface Named {
  type?: string;
  enum?: readonly unknown[];
}

const INTEGER = /^[+-]?\d+$/;

/**
 * Parameters of a query as their schema types them. Of a name that is repeated the first counts, except where the schema
 * has an array; names that it does not know are left out. What is not of its type stays text, for validation to refuse.
 */
export function queryValues(url: string, { properties }: TObject): Record<string, unknown> {
  const start = url.indexOf('?');
  if (start < 0) return {};
  const given = new URLSearchParams(url.slice(start + 1));
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(properties as Record<string, Named>)) {
    if (schema.type === 'array') {
      if (given.has(name)) values[name] = given.getAll(name);
    } else {
      const text = given.get(name);
      if (text !== null) values[name] = typed(text, schema);
    }
  }
  return values;
}

/** Parameters of a path as their schema types them. */
export function pathValues(params: unknown, { properties }: TObject): Record<string, unknown> {
  const texts = params as Record<string, string>;
  const schemas = Object.entries(properties as Record<string, Named>);
  return Object.fromEntries(schemas.map(([name, schema]) => [name, typed(texts[name] ?? '', schema)]));
}

/** Whole numbers are digits, and `true` and `false` the only booleans: nothing else is taken for them. */
function typed(text: string, { type }: Named): unknown {
  if (type === 'integer') return INTEGER.test(text) ? Number(text) : text;
  if (type === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
