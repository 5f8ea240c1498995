import { fallback, flag, integer, text } from '../tree/option.js';

/** Which part of a list is wanted. */
export const PAGING_OPTIONS = {
  limit: fallback(integer('How many at most', { alias: 'l' }), 10_000),
  offset: fallback(integer('How many of the first to leave out'), 0),
};

/** The same, with an order. */
export const LIST_OPTIONS = {
  ...PAGING_OPTIONS,
  'sort-by': text('Field to sort by', { value: 'FIELD' }),
  'reverse-sort': flag('The other way round'),
};

/** The same with the letters that lists of nodes and events have. */
export const NODE_LIST_OPTIONS = {
  limit: PAGING_OPTIONS.limit,
  offset: fallback(integer('How many of the first to leave out', { alias: 'o' }), 0),
  'sort-by': text('Field to sort by', { alias: 's', value: 'FIELD' }),
  'reverse-sort': flag('The other way round', { alias: 'r' }),
};

interface ListValues {
  limit: number;
  offset: number;
  sortBy?: string | undefined;
  reverseSort?: boolean;
}

/** The options' values as the API takes them. */
export function pagingOf({ limit, offset, sortBy, reverseSort }: ListValues) {
  return { limit, offset, sort_by: sortBy, reverse_sort: reverseSort === true ? true : undefined };
}
