import type { TSchema } from 'typebox';
import { AfterokError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { SETTINGS, type Table } from './settings.js';

/** One setting from the environment. */
export interface EnvironmentSetting {
  variable: string;
  path: readonly string[];
  value: unknown;
}

/** What of a schema matters here. */
interface Field {
  type?: string;
  properties?: Record<string, Field>;
  patternProperties?: Record<string, Field>;
  items?: Field;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

const ROOT = SETTINGS as TSchema as Field;

/**
 * The settings in `TORC_<SECTION>__<KEY>` variables, two underscores between the parts. An empty variable is as good
 * as none.
 *
 * @throws AfterokError for a variable that names no setting, or has a value that the setting cannot have
 */
export function environmentSettings(env: NodeJS.ProcessEnv): EnvironmentSetting[] {
  return Object.entries(env).flatMap(([variable, text]) => {
    if (!/^TORC_[A-Z0-9]+__/i.test(variable) || text === undefined || text === '') return [];
    const path = variable.slice('TORC_'.length).toLowerCase().split('__');
    return [{ variable, path, value: settingValue(variable, text, fieldAt(variable, path)) }];
  });
}

/** Variables that look like settings but have one underscore where two belong, with what was meant. */
export function misspeltVariables(env: NodeJS.ProcessEnv): { variable: string; meant: string }[] {
  const bySingle = new Map(allVariables().map((name) => [name.replaceAll('__', '_'), name]));
  return Object.keys(env).flatMap((variable) => {
    const meant = bySingle.get(variable);
    return meant === undefined ? [] : [{ variable, meant }];
  });
}

/** The settings as a table. */
export function environmentTable(settings: readonly EnvironmentSetting[]): Table {
  const table: Table = {};
  for (const { path, value } of settings) {
    const parents = path.slice(0, -1);
    const parent = parents.reduce<Table>((node, key) => {
      node[key] ??= {};
      return node[key] as Table;
    }, table);
    parent[path.at(-1) ?? ''] = value;
  }
  return table;
}

function fieldAt(variable: string, path: readonly string[]): Field {
  let field = ROOT;
  for (const key of path) {
    const next = ownField(field, key) ?? Object.values(field.patternProperties ?? {})[0];
    if (next === undefined) {
      const meant = nearest(variable.toUpperCase(), allVariables());
      throw new AfterokError('bad-config', `${variable}: no such setting; did you mean ${meant}?`);
    }
    field = next;
  }
  return field;
}

function ownField({ properties }: Field, key: string): Field | undefined {
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function allVariables(field = ROOT, name = 'TORC'): string[] {
  if (field.properties === undefined) return [name];
  const glue = field === ROOT ? '_' : '__';
  return Object.entries(field.properties).flatMap(([key, child]) =>
    allVariables(child, `${name}${glue}${key.toUpperCase()}`),
  );
}

function settingValue(variable: string, text: string, field: Field): unknown {
  const refuse = (expected: string) =>
    new AfterokError('bad-config', `${variable}: expected ${expected}; found ${JSON.stringify(text)}`);
  switch (field.type) {
    case 'boolean':
      if (!/^(true|false|1|0)$/i.test(text)) throw refuse('true or false');
      return /^(true|1)$/i.test(text);
    case 'integer':
    case 'number':
      return numberOf(text, field, refuse);
    case 'array':
      if (field.items?.type !== 'string') throw refuse('nothing: a list of tables belongs into a file');
      return text.split(',').map((item) => item.trim());
    case 'string':
      if (field.enum?.includes(text) === false) throw refuse(`one of ${field.enum.join(', ')}`);
      return text;
    default:
      throw refuse('nothing: this is a table, whose keys follow behind __');
  }
}

function numberOf(text: string, field: Field, refuse: (expected: string) => AfterokError): number {
  const kind = field.type === 'integer' ? 'a whole number' : 'a number';
  const limits = [
    field.minimum === undefined ? [] : [`at least ${field.minimum}`],
    field.exclusiveMinimum === undefined ? [] : [`above ${field.exclusiveMinimum}`],
    field.maximum === undefined ? [] : [`at most ${field.maximum}`],
  ].flat();
  const expected = [kind, limits.join(' and ')].join(' ').trim();
  const number = Number(text);
  const fits =
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) &&
    (field.type !== 'integer' || Number.isSafeInteger(number)) &&
    number >= (field.minimum ?? -Infinity) &&
    number > (field.exclusiveMinimum ?? -Infinity) &&
    number <= (field.maximum ?? Infinity);
  if (!fits) throw refuse(expected);
  return number;
}
