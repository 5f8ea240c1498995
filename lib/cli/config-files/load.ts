import { readFileSync } from 'node:fs';
import { AfterokError, hasErrno } from '../../errors.js';
import { parseToml } from '../../positioned-toml.js';
import { type FileKind, SchemaFile } from '../../schema-file.js';
import { type EnvironmentSetting, environmentSettings, environmentTable } from './environment.js';
import { type ConfigPlaces, FILE_LAYERS, type FileLayer } from './places.js';
import { defaultSettings, type Settings, type Table } from './settings.js';

/** A configuration file that exists. */
export interface LoadedFile {
  layer: FileLayer;
  path: string;
  table: Table;
}

/** What is configured, and by what. */
export interface Configuration {
  settings: Settings;
  /** The weakest first. */
  files: readonly LoadedFile[];
  environment: readonly EnvironmentSetting[];
  /** What says so: the path of a file or the name of a variable; null for a default. */
  origin(key: string): string | null;
}

const CONFIG_FILE: FileKind = {
  noun: 'configuration',
  code: 'bad-config',
  schema: 'torc-config.schema.json',
  syntax: () => parseToml,
};

/**
 * Reads the configuration: defaults, the files, the environment, each over the ones before. Options of a command line
 * go over all of it and are not known here.
 *
 * @throws AfterokError (SchemaErrors when a file has several faults) for what cannot be read or is not as it must be
 */
export function loadConfiguration(places: ConfigPlaces, env: NodeJS.ProcessEnv): Configuration {
  const files = FILE_LAYERS.flatMap((layer) => readLayer(layer, places[layer]));
  const environment = environmentSettings(env);
  const tables = [...files.map(({ table }) => table), environmentTable(environment)];
  const settings = tables.reduce(merged, defaultSettings() as unknown as Table) as unknown as Settings;
  const origin = (key: string) => {
    const path = key.split('.');
    const variable = environment.find((setting) => setting.path.join('.') === key)?.variable;
    return variable ?? files.findLast(({ table }) => has(table, path))?.path ?? null;
  };
  return { settings, files, environment, origin };
}

function readLayer(layer: FileLayer, path: string): LoadedFile[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    const reason = (error as Error).message;
    throw new AfterokError('bad-config', `cannot read configuration ${path}: ${reason}`, null, {
      cause: error,
    });
  }
  return [{ layer, path, table: SchemaFile.parse<Table>(text, path, CONFIG_FILE).value }];
}

/** Tables are merged key by key; anything else replaces what was there, lists too. */
function merged(below: Table, above: Table): Table {
  const entries = Object.entries(above).map(([key, value]) => {
    const under = Object.hasOwn(below, key) ? below[key] : undefined;
    return [key, isTable(under) && isTable(value) ? merged(under, value) : value] as const;
  });
  return { ...below, ...Object.fromEntries(entries) };
}

function has(table: Table, path: readonly string[]): boolean {
  let value: unknown = table;
  for (const key of path) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return true;
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
