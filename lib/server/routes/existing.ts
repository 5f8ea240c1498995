import { ownerOf } from '../../store/workflows/access.js';
import { owningWorkflow } from '../../store/workflows/owning-workflow.js';
import type { Table } from '../../store/workflows/table.js';
import { ApiError, notFound } from '../api-error.js';
import type { ServerContext } from '../handlers.js';

/** What a list request of a collection brings. */
export interface ListQuery {
  offset?: number;
  limit?: number;
  sort_by?: string;
  reverse_sort?: boolean;
}

/** @throws ApiError 404 */
export function existing<M extends { id?: number }>(
  { db }: ServerContext,
  table: Table<M>,
  noun: string,
  id: number,
): M {
  const row = table.get(db, id);
  if (row === null) throw notFound(noun, id);
  return row;
}

/** @throws ApiError 404 */
export function existingWorkflow({ db }: ServerContext, id: number): void {
  if (ownerOf(db, id) === null) throw notFound('Workflow', id);
}

/** Tables that rows of other tables refer to by id. */
type Referred = 'job' | 'compute_node';

/**
 * Makes sure that an id in a request means something of the same workflow; one that is absent does.
 *
 * @throws ApiError 422
 */
export function belonging(
  { db }: ServerContext,
  table: Referred,
  workflow: number,
  field: string,
  id: number | undefined,
): void {
  if (id === undefined) return;
  if (owningWorkflow(db, table, id) !== workflow) {
    const what = table.replaceAll('_', ' ');
    throw new ApiError(422, `${field}: workflow ${workflow} has no ${what} ${id}`, { field, value: id });
  }
}

/** Paging and sorting of a list. @throws ApiError 400 for a column that is not there */
export function ordering<M extends { id?: number }>(table: Table<M>, query: ListQuery): ListQuery {
  const { offset, limit, sort_by: sortBy, reverse_sort: reverse } = query;
  if (sortBy !== undefined && !table.isColumn(sortBy)) {
    throw new ApiError(400, `cannot sort by ${sortBy}: no such field`, { field: 'sort_by', value: sortBy });
  }
  return {
    ...(offset === undefined ? {} : { offset }),
    ...(limit === undefined ? {} : { limit }),
    ...(sortBy === undefined ? {} : { sort_by: sortBy }),
    ...(reverse === undefined ? {} : { reverse_sort: reverse }),
  };
}
