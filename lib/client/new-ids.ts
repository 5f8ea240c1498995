/** New ids by the old ones. */
export type NewIds = ReadonlyMap<number, number>;

/** Creates items one after the other, so that ids are in the order given. */
export async function createEach<T extends { id?: number }>(
  items: readonly T[],
  create: (item: Omit<T, 'id'>) => Promise<{ id?: number }>,
): Promise<NewIds> {
  const ids = new Map<number, number>();
  for (const { id: old, ...item } of items) {
    const { id } = await create(item);
    if (old !== undefined && id !== undefined) ids.set(old, id);
  }
  return ids;
}

/** Old ids as new ones; what was not created is left out. */
export function translated(old: readonly number[] | undefined, ids: NewIds): number[] | undefined {
  return old?.flatMap((id) => ids.get(id) ?? []);
}
