import { suggestion } from '../nearest.js';
import type { Path } from '../positioned-text.js';
import { type Combination, type Parameter, product, zip, zipMismatch } from './combinations.js';
import type { ParameterValue } from './parameter-value.js';
import { isLogScale, parseValues } from './parameter-values.js';
import type { Problems } from './problems.js';
import type { Parameterised } from './spec.js';

/** The workflow's own parameters, read once. Null: the values are none, which was told. */
export type SharedParameters = ReadonlyMap<string, readonly ParameterValue[] | null>;

export function readShared(parameters: Record<string, string>, problems: Problems): SharedParameters {
  return readAll(parameters, ['parameters'], problems);
}

/**
 * The combinations of values that an item is written for: of the shared parameters that it names and of its own, which
 * win over shared ones of the same name.
 *
 * @returns null for an item without parameters, and 'unreadable' after a problem
 */
export function combinationsOf(
  item: Parameterised,
  path: Path,
  shared: SharedParameters,
  problems: Problems,
): Combination[] | null | 'unreadable' {
  const before = problems.count;
  const own = readAll(item.parameters ?? {}, [...path, 'parameters'], problems);
  const used = new Map<string, readonly ParameterValue[] | null>();
  for (const [place, name] of (item.use_parameters ?? []).entries()) {
    const values = shared.get(name);
    if (values !== undefined) used.set(name, values);
    else if (!own.has(name)) {
      const meant = suggestion(name, [...shared.keys()]);
      problems.add([...path, 'use_parameters', place], `the workflow has no parameter '${name}'${meant}`);
    }
  }
  const all = [...new Map([...used, ...own])].map(([name, values]) => ({ name, values }));
  const readable = all.filter((parameter): parameter is Parameter => parameter.values !== null);
  if (problems.count > before || readable.length < all.length) return 'unreadable';
  if (readable.length === 0) return null;
  return combined(readable, item, path, problems) ?? 'unreadable';
}

function combined(
  parameters: readonly Parameter[],
  { parameter_mode: mode }: Parameterised,
  path: Path,
  problems: Problems,
): Combination[] | null {
  if (mode !== 'zip') return problems.parsed([...path, 'parameters'], '', () => product(parameters));
  const mismatch = zipMismatch(parameters);
  if (mismatch === null) return zip(parameters);
  problems.add([...path, 'parameter_mode'], mismatch);
  return null;
}

function readAll(parameters: Record<string, string>, path: Path, problems: Problems): SharedParameters {
  return new Map(
    Object.entries(parameters).map(([name, text]) => {
      if (isLogScale(text)) {
        problems.warn(
          `Parameter '${name}': ${text} is read as that many values on a logarithmic scale, since it would be a step ` +
            'longer than the range',
        );
      }
      return [name, problems.parsed([...path, name], '', () => parseValues(text))];
    }),
  );
}
