import {
  type Changes,
  type Condition,
  equals,
  type OwnColumns,
  type Table,
} from '../../store/workflows/table.js';
import type { Page } from '../../wire/page.js';
import { ApiError } from '../api-error.js';
import type { ServerContext } from '../handlers.js';
import { existing, existingWorkflow, type ListQuery, ordering } from './existing.js';

interface Owned {
  id?: number;
  workflow_id: number;
}

/** What a collection of a workflow decides for itself; everything else is alike in all. */
export interface CollectionRules<M extends Owned, Q> {
  table: Table<M>;
  /** As in `File not found with ID: 7`. */
  noun: string;
  /** What filters of the list mean. */
  conditions: (query: Q) => readonly (Condition | null)[];
  /** Looks at what is to be stored, new or changed. @throws ApiError 422 */
  check?: (model: M, context: ServerContext) => void;
  /** Columns that follow from the model. @throws ApiError 422 */
  own?: (model: M) => OwnColumns;
  /** Fields that are cleared when a change leaves them out; all others stay as they are then. */
  cleared?: readonly (keyof M)[];
}

type Of<P> = { params: P };

/** The operations of a collection, as data says what is particular about it. */
export function collectionHandlers<M extends Owned, Q extends ListQuery & { workflow_id: number }>(
  rules: CollectionRules<M, Q>,
) {
  const { table, noun, conditions, check, own } = rules;
  return {
    create({ body }: { body: M }, context: ServerContext): M {
      existingWorkflow(context, body.workflow_id);
      check?.(body, context);
      return table.insert(context.db, body, own?.(body));
    },
    list({ query }: { query: Q }, context: ServerContext): Page<M> {
      existingWorkflow(context, query.workflow_id);
      const ofWorkflow = equals('workflow_id', query.workflow_id);
      return table.list(context.db, {
        ...ordering(table, query),
        conditions: [ofWorkflow, ...conditions(query)],
      });
    },
    get: ({ params }: Of<{ id: number }>, context: ServerContext): M =>
      existing(context, table, noun, params.id),
    update({ params, body }: Of<{ id: number }> & { body: M }, context: ServerContext): M {
      const before = existing(context, table, noun, params.id);
      staysInWorkflow(before, body);
      check?.(body, context);
      return table.update(context.db, params.id, changesOf(rules, body), own?.(body));
    },
    remove({ params }: Of<{ id: number }>, context: ServerContext): M {
      const row = existing(context, table, noun, params.id);
      table.remove(context.db, params.id);
      return row;
    },
    removeAll({ query }: { query: { workflow_id: number } }, context: ServerContext): { count: number } {
      existingWorkflow(context, query.workflow_id);
      return { count: table.removeAll(context.db, query.workflow_id) };
    },
  };
}

function staysInWorkflow(before: Owned, body: Owned): void {
  if (body.workflow_id === before.workflow_id) return;
  throw new ApiError(422, `it belongs to workflow ${before.workflow_id} and cannot be moved to another`, {
    field: 'workflow_id',
    value: body.workflow_id,
  });
}

function changesOf<M extends Owned, Q>({ cleared = [] }: CollectionRules<M, Q>, body: M): Changes<M> {
  const changes: Changes<M> = { ...body };
  for (const name of cleared) changes[name] ??= null;
  return changes;
}
