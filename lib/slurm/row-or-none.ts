import { FormatError } from '../format-error.js';

/** One row of a listing, or none for a line that only looks like one: a listing is read past a site's banners. */
export function rowOrNone<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}
