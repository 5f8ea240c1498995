import { FormatError } from '../slurm/format-error.js';
import type { ParameterValue } from './parameter-value.js';
import { MOST_VALUES } from './parameter-values.js';

/** A parameter and its values. */
export interface Parameter {
  name: string;
  values: readonly ParameterValue[];
}

/** One value of each parameter. */
export type Combination = ReadonlyMap<string, ParameterValue>;

/** All combinations, the last parameter varying fastest. @throws FormatError when they are more than MOST_VALUES */
export function product(parameters: readonly Parameter[]): Combination[] {
  const count = parameters.reduce((total, { values }) => total * values.length, 1);
  if (count > MOST_VALUES) {
    const names = parameters.map(({ name }) => name).join(', ');
    throw new FormatError('parameters', names, `at most ${MOST_VALUES} combinations of values, not ${count}`);
  }
  return parameters.reduce<Map<string, ParameterValue>[]>(
    (combinations, { name, values }) =>
      combinations.flatMap((combination) => values.map((value) => new Map(combination).set(name, value))),
    [new Map()],
  );
}

/** The first values of all together, then the second ones, and so on, as many as the first parameter has. */
export function zip(parameters: readonly Parameter[]): Combination[] {
  const [first = { name: '', values: [] }] = parameters;
  return first.values.map(
    (_, place) =>
      new Map(parameters.map(({ name, values }) => [name, values[place]] as [string, ParameterValue])),
  );
}

/** Why the parameters cannot be zipped: one has more values than another. Null when they can. */
export function zipMismatch([first, ...others]: readonly Parameter[]): string | null {
  const odd = others.find(({ values }) => values.length !== first?.values.length);
  if (first === undefined || odd === undefined) return null;
  return (
    "All parameters must have the same number of values when using 'zip' mode. " +
    `Parameter '${first.name}' has ${first.values.length} values, but '${odd.name}' has ${odd.values.length} values.`
  );
}
