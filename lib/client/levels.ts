/**
 * Items without dependencies, then those that depend on these alone, and so on; within a level in the order given.
 * Dependencies on keys that no item has do not count.
 *
 * @throws Error for a circle
 */
export function levelsOf<T, K>(
  items: readonly T[],
  keyOf: (item: T) => K,
  dependenciesOf: (item: T) => readonly K[],
): T[][] {
  const keys = new Set(items.map(keyOf));
  const known = items.map((item) => [...new Set(dependenciesOf(item))].filter((key) => keys.has(key)));
  const waiting = known.map(({ length }) => length);
  const dependents = new Map<K, number[]>();
  for (const [at, dependencies] of known.entries()) {
    for (const key of dependencies) {
      const list = dependents.get(key);
      if (list === undefined) dependents.set(key, [at]);
      else list.push(at);
    }
  }
  const levels: number[][] = [];
  let level = waiting.flatMap((count, at) => (count === 0 ? [at] : []));
  while (level.length > 0) {
    levels.push(level);
    level = released(
      level.map((at) => keyOf(items[at] as T)),
      dependents,
      waiting,
    );
  }
  if (waiting.some((count) => count > 0)) throw new Error('dependencies in a circle');
  return levels.map((places) => places.map((at) => items[at] as T));
}

/** Places whose last open dependency was one of these; counts them down. */
function released<K>(keys: readonly K[], dependents: ReadonlyMap<K, number[]>, waiting: number[]): number[] {
  const free: number[] = [];
  for (const key of keys) {
    for (const at of dependents.get(key) ?? []) {
      const left = (waiting[at] ?? 0) - 1;
      waiting[at] = left;
      if (left === 0) free.push(at);
    }
  }
  return free.sort((a, b) => a - b);
}
