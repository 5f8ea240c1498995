import { type TProperties, type TSchema, Type } from 'typebox';
import { endpoint } from './endpoint.js';
import { MAX_PAGE } from './limits.js';

export const ID = { id: Type.Integer() };
export const OF_WORKFLOW = { workflow_id: Type.Integer() };

/** Which part of a list is wanted. */
export const PAGING = {
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_PAGE, default: MAX_PAGE })),
};

/** `sort_by` names a field of the model; without it lists are in the order of ids. */
export const SORTING = {
  sort_by: Type.Optional(Type.String()),
  reverse_sort: Type.Optional(Type.Boolean({ default: false })),
};

/** The envelope of lists. `count` is of this page, `total_count` of all. */
export function page<M extends TSchema>(item: M) {
  return Type.Object({
    items: Type.Array(item),
    offset: Type.Integer(),
    max_limit: Type.Integer(),
    count: Type.Integer(),
    total_count: Type.Integer(),
    has_more: Type.Boolean(),
  });
}

export interface Page<T> {
  items: T[];
  offset: number;
  max_limit: number;
  count: number;
  total_count: number;
  has_more: boolean;
}

export const DELETED_COUNT = Type.Object({ count: Type.Integer() });

/** The six operations that collections of a workflow have in common. */
export function collection<M extends TSchema, F extends TProperties, D extends TSchema>(spec: {
  /** `/files` */
  path: string;
  /** What one is called in summaries: `file`. */
  noun: string;
  model: M;
  /** Filters of the list beside the workflow. */
  filters: F;
  /** What deleting all of a workflow answers. */
  deleted: D;
}) {
  const { path, noun, model, filters, deleted } = spec;
  const one = `${path}/{id}`;
  return {
    create: endpoint({
      method: 'POST',
      path,
      summary: `Create a ${noun}`,
      body: model,
      isModel: true,
      response: model,
      errors: [403, 404, 409, 422],
    }),
    list: endpoint({
      method: 'GET',
      path,
      summary: `List each ${noun} of a workflow`,
      query: { ...OF_WORKFLOW, ...filters, ...PAGING, ...SORTING },
      response: page(model),
      errors: [403, 404],
    }),
    get: endpoint({
      method: 'GET',
      path: one,
      summary: `Get a ${noun}`,
      params: ID,
      response: model,
      errors: [403, 404],
    }),
    update: endpoint({
      method: 'PUT',
      path: one,
      summary: `Change a ${noun}`,
      params: ID,
      body: model,
      isModel: true,
      response: model,
      errors: [403, 404, 422],
    }),
    remove: endpoint({
      method: 'DELETE',
      path: one,
      summary: `Delete a ${noun}`,
      params: ID,
      response: model,
      errors: [403, 404],
    }),
    removeAll: endpoint({
      method: 'DELETE',
      path,
      summary: `Delete each ${noun} of a workflow`,
      query: OF_WORKFLOW,
      response: deleted,
      errors: [403, 404],
    }),
  };
}
