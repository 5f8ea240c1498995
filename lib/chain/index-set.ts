import { count, indexSet, parseArraySpec, toIndices } from '../slurm/array-spec.js';

/** A set of task indices: ascending, each once. */
export type IndexSet = Uint32Array;

export const EMPTY: IndexSet = new Uint32Array();

/** All indices of the given sets. */
export function union(sets: readonly IndexSet[]): IndexSet {
  return indexSet(concatenate(sets));
}

/** The sets one behind the other, neither sorted nor freed of duplicates. */
export function concatenate(sets: readonly IndexSet[]): Uint32Array {
  const all = new Uint32Array(sets.reduce((sum, set) => sum + set.length, 0));
  let offset = 0;
  for (const set of sets) {
    all.set(set, offset);
    offset += set.length;
  }
  return all;
}

/** What is in `set` and not in `removed`. */
export function difference(set: IndexSet, removed: IndexSet): IndexSet {
  return set.filter((index) => placeOf(removed, index) < 0);
}

/** Where the index stands in the set; -1 when it is not in it. */
export function placeOf(set: IndexSet, index: number): number {
  let from = 0;
  let to = set.length - 1;
  while (from <= to) {
    const middle = (from + to) >>> 1;
    const found = set[middle] ?? 0;
    if (found === index) return middle;
    if (found < index) from = middle + 1;
    else to = middle - 1;
  }
  return -1;
}

export function equal(a: IndexSet, b: IndexSet): boolean {
  return a.length === b.length && a.every((index, position) => index === b[position]);
}

export { indexSet };

/** The indices of a spec as it stands in a checkpoint, where the empty set is the empty text. */
export function indices(spec: string): IndexSet {
  return spec === '' ? EMPTY : toIndices(parseArraySpec(spec));
}

/** How many they are, without listing them. */
export function size(spec: string): number {
  return spec === '' ? 0 : count(parseArraySpec(spec));
}
