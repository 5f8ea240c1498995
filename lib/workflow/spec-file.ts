import type { ErrorObject } from 'ajv';
import type { Path } from '../positioned-text.js';
import { type FileKind, SchemaFile } from '../schema-file.js';
import { inPresentForm, type SpecFile } from './older-forms.js';
import type { WrittenSpec } from './spec-source.js';
import { syntaxOf } from './spec-syntax.js';

/**
 * Reads a specification in YAML, JSON, JSON5 or KDL.
 *
 * @throws AfterokError naming file, line, column, and what was expected
 */
export function readSpecFile(file: string): WrittenSpec {
  const { value, source } = SchemaFile.read<SpecFile>(file, SPEC_FILE);
  return inPresentForm(value, source);
}

/** The same of a text; `file` is for messages, and its extension says which syntax it is. */
export function parseSpec(text: string, file: string): WrittenSpec {
  const { value, source } = SchemaFile.parse<SpecFile>(text, file, SPEC_FILE);
  return inPresentForm(value, source);
}

const SPEC_FILE: FileKind = {
  noun: 'workflow specification',
  code: 'bad-spec',
  schema: 'workflow.schema.json',
  syntax: syntaxOf,
  explain,
};

function explain(error: ErrorObject, path: Path): string | null {
  const found = `found ${JSON.stringify(error.data)}`;
  if (path.at(-2) === 'parameters' && error.keyword === 'type') {
    return `values are written as text, such as "1:10", "0:1:0.1" or "[a,b]"; ${found}`;
  }
  if (error.keyword === 'not')
    return 'the name "default" is taken by the requirements of jobs that name none';
  if (error.keyword !== 'pattern') return null;
  return path.at(-1) === 'memory'
    ? `expected a number with k, m, g or t, such as 512m or 2g; ${found}`
    : `expected an ISO 8601 duration, such as PT30M or P1DT12H; ${found}`;
}
