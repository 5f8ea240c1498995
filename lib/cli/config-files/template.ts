import { stringify } from 'smol-toml';
import { SETTINGS } from './settings.js';

interface Field {
  description?: string;
  default?: unknown;
  type?: string;
  properties?: Record<string, Field>;
}

const HEAD = [
  '# Configuration of torc, torc-server and torc-dash. A commented key shows its default, where there is one.',
  '# Over this file go those with a higher priority, TORC_<SECTION>__<KEY> variables and options:',
  '# `torc config paths` lists the files, `torc config show` what is in force.',
];

/** A configuration file that changes nothing and names every setting. */
export function configTemplate(): string {
  return `${[...HEAD, ...tables(SETTINGS as Field, [])].join('\n')}\n`;
}

function tables(field: Field, path: readonly string[]): string[] {
  const entries = Object.entries(field.properties ?? {});
  const plain = entries.filter(([, { type, properties }]) => properties === undefined && type !== 'object');
  const keys = plain.map(([key, child]) => line(key, child));
  const nested = entries.flatMap(([key, child]) =>
    child.properties === undefined ? [] : tables(child, [...path, key]),
  );
  if (path.length === 0) return nested;
  return ['', `# ${field.description ?? ''}`, `[${path.join('.')}]`, ...keys, ...nested];
}

/** A key without a default has no value to show. */
function line(key: string, { description, default: value }: Field): string {
  const assignment = value === undefined ? `${key} =` : stringify({ [key]: value }).trim();
  return `# ${assignment}  # ${description ?? ''}`;
}
