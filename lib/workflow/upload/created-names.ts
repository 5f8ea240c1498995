/** Ids by name. */
export type Ids = ReadonlyMap<string, number>;

/** What jobs and actions name, by the ids that the server has given. */
export interface CreatedNames {
  files: Ids;
  userData: Ids;
  resourceRequirements: Ids;
  slurmSchedulers: Ids;
  failureHandlers: Ids;
}

/** The id of a name; models name only what they contain. */
export function idOf(ids: Ids, name: string, noun: string): number {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`the model names a ${noun} that it lacks: ${name}`);
  return id;
}
