import { extname } from 'node:path';
import { parseJson, parseJson5 } from '../positioned-json.js';
import { isUnreadable, type ParseText, type PositionedText, type Unreadable } from '../positioned-text.js';
import { parseYaml } from '../positioned-yaml.js';
import { parseKdlSpec } from './kdl-spec.js';

const SYNTAX_OF_EXTENSION: Readonly<Record<string, ParseText>> = {
  '.json': parseJson,
  '.json5': parseJson5,
  '.yaml': parseYaml,
  '.yml': parseYaml,
  '.kdl': parseKdlSpec,
};

/** How a specification is read: by the extension of its file, and without one of these as whatever it is. */
export function syntaxOf(file: string): ParseText {
  const parse = SYNTAX_OF_EXTENSION[extname(file).toLowerCase()] ?? parseAny;
  return (text) => {
    const parsed = parse(text);
    return isUnreadable(parsed) ? parsed : withoutNulls(parsed);
  };
}

/** The first syntax in which the text is a map; what is none in any is told by the one that understood most of it. */
function parseAny(text: string): PositionedText | Unreadable {
  let furthest: Unreadable | null = null;
  for (const parse of [parseJson, parseJson5, parseYaml, parseKdlSpec]) {
    const parsed = parse(text);
    if (!isUnreadable(parsed)) {
      // Nearly every text is a string to YAML.
      if (isMap(parsed.value)) return parsed;
      continue;
    }
    if (furthest === null || comesBefore(furthest, parsed)) furthest = parsed;
  }
  const { position, message } = furthest ?? { position: { line: 1, column: 1 }, message: 'empty' };
  return { position, message: `neither JSON, JSON5, YAML nor KDL: ${message}` };
}

function comesBefore({ position: a }: Unreadable, { position: b }: Unreadable): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

/** A key without a value (`description:`) says nothing: it counts as left out. Maps that people name the keys of stay. */
function withoutNulls(parsed: PositionedText): PositionedText {
  return { value: withoutNullFields(parsed.value), positionOf: (path) => parsed.positionOf(path) };
}

/** Free of form: a null in them is a value. */
const FREE_FIELDS: readonly string[] = ['parameters', 'slurm_defaults', 'data'];

function withoutNullFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNullFields);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([key, field]) => [key, FREE_FIELDS.includes(key) ? field : withoutNullFields(field)]),
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
