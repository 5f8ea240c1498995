import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { AfterokError, type ErrorCode } from './errors.js';
import { FormatError } from './format-error.js';
import { nearest } from './nearest.js';
import { PACKAGE_ROOT } from './package-root.js';
import {
  isUnreadable,
  type ParseText,
  type Path,
  type Position,
  type PositionedText,
} from './positioned-text.js';
import { parseYaml } from './positioned-yaml.js';
import { printable } from './printable.js';

/** A kind of file that people write. */
export interface FileKind {
  /** What it is called in messages. */
  noun: string;
  code: ErrorCode;
  /** The file in config/schemas. */
  schema: string;
  /** The syntax of a file, by its name. Default: YAML. */
  syntax?: (file: string) => ParseText;
  /** The key that says what the rest is judged by: what is wrong with it is told first. */
  decisive?: string;
  /** What a schema error means here; null for what it means everywhere. */
  explain?: (error: ErrorObject, path: Path) => string | null;
}

/** Several things are wrong with a file: the message is of the first. */
export class SchemaErrors extends AfterokError {
  constructor(
    first: AfterokError,
    readonly others: readonly AfterokError[],
  ) {
    super(first.code, first.message, first.hint ?? `${others.length} more in this file`);
  }
}

/** A file that its schema admits; every complaint about it names file, line and column. */
export class SchemaFile {
  private constructor(
    readonly file: string,
    private readonly kind: FileKind,
    private readonly source: PositionedText,
  ) {}

  /** @throws AfterokError for a file that cannot be read, has not its syntax, or is not as its schema has it */
  static read<T>(file: string, kind: FileKind): { source: SchemaFile; value: T } {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      const reason = (error as Error).message;
      throw new AfterokError(kind.code, `cannot read ${kind.noun} ${file}: ${reason}`, null, {
        cause: error,
      });
    }
    return SchemaFile.parse(text, file, kind);
  }

  /** The same of a text; `file` is for messages, and for its syntax. */
  static parse<T>(text: string, file: string, kind: FileKind): { source: SchemaFile; value: T } {
    const parsed = (kind.syntax?.(file) ?? parseYaml)(text);
    if (isUnreadable(parsed)) {
      const { line, column } = parsed.position;
      throw new AfterokError(kind.code, `${file}:${line}:${column}: ${printable(parsed.message)}`);
    }
    const source = new SchemaFile(file, kind, parsed);
    const [problem, ...others] = source.problems(parsed.value);
    if (problem === undefined) return { source, value: parsed.value as T };
    throw others.length === 0 ? problem : new SchemaErrors(problem, others);
  }

  /** What the schema has against the value, what matters most first; none: it admits it. */
  private problems(value: unknown): AfterokError[] {
    const validate = validatorOf(this.kind.schema);
    if (validate(value)) return [];
    const told = (validate.errors ?? [])
      .map((problem) => ({ problem, rank: this.rank(problem) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ problem }) => this.told(problem));
    return [...new Map(told.map((error) => [error.message, error])).values()];
  }

  private rank({ instancePath, keyword }: ErrorObject): number {
    const { decisive } = this.kind;
    if (decisive !== undefined && instancePath === `/${decisive}`) return 0;
    return keyword === 'propertyNames' ? 2 : 1;
  }

  private told(problem: ErrorObject): AfterokError {
    const path = pathOf(problem);
    const particular = this.kind.explain?.(problem, path) ?? null;
    if (particular !== null) return this.error(path, particular);
    const { path: place, message } = explain(problem, path);
    return this.error(place, message);
  }

  /** What `parse` makes of a value; what it refuses is told with the value's place. */
  parsed<V>(path: Path, parse: () => V): V {
    try {
      return parse();
    } catch (error) {
      if (error instanceof FormatError) throw this.error(path, error.message);
      throw error;
    }
  }

  positionOf(path: Path): Position {
    return this.source.positionOf(path);
  }

  /** `FILE:LINE:COLUMN: levels[0].mem: MESSAGE` */
  error(path: Path, message: string): AfterokError {
    const { line, column } = this.positionOf(path);
    const name = path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .replace(/^\./, '');
    return new AfterokError(
      this.kind.code,
      `${this.file}:${line}:${column}: ${printable(name === '' ? message : `${name}: ${message}`)}`,
    );
  }
}

/** Compiling a schema takes longer than checking a file with it. */
const validators = new Map<string, ValidateFunction>();

function validatorOf(schema: string): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const text = readFileSync(`${PACKAGE_ROOT}config/schemas/${schema}`, 'utf8');
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true });
  const validate = ajv.compile(JSON.parse(text) as object);
  validators.set(schema, validate);
  return validate;
}

function pathOf({ instancePath, propertyName }: ErrorObject): Path {
  const parts = instancePath.split('/').slice(1);
  if (propertyName !== undefined) parts.push(propertyName);
  return parts
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** What a schema error means to the person who wrote the file. */
function explain(error: ErrorObject, path: Path): { path: Path; message: string } {
  const found = `found ${shown(error.data)}`;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const known = Object.keys((error.parentSchema as { properties: object }).properties);
      return {
        path: [...path, key],
        message: `unknown key "${key}"; did you mean "${nearest(key, known)}"?`,
      };
    }
    case 'required':
      return { path, message: `missing "${String(error.params.missingProperty)}"` };
    case 'enum':
      return {
        path,
        message: `expected one of ${(error.params.allowedValues as string[]).join(', ')}; ${found}`,
      };
    default:
      return { path, message: `${error.message ?? 'invalid'}; ${found}` };
  }
}

/** Longest part of a wrong value that a message repeats. */
const SHOWN = 120;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
