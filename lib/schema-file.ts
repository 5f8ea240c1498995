import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { AfterokError, type ErrorCode } from './errors.js';
import { nearest } from './nearest.js';
import { PACKAGE_ROOT } from './package-root.js';
import { PositionedYaml } from './positioned-yaml.js';
import { FormatError } from './slurm/format-error.js';

/** Keys and places that lead to a value. */
export type Path = readonly (string | number)[];

/** A kind of file that people write. */
export interface FileKind {
  /** What it is called in messages. */
  noun: string;
  code: ErrorCode;
  /** The file in config/schemas. */
  schema: string;
  /** The key that says what the rest is judged by: what is wrong with it is told first. */
  decisive?: string;
  /** What a schema error means here; null for what it means everywhere. */
  explain?: (error: ErrorObject, path: Path) => string | null;
}

/** A YAML file that its schema admits; every complaint about it names file, line and column. */
export class SchemaFile<T> {
  private constructor(
    readonly file: string,
    private readonly kind: FileKind,
    private readonly source: PositionedYaml,
  ) {}

  /** @throws AfterokError for a file that cannot be read, is no YAML, or is not as its schema has it */
  static read<T>(file: string, kind: FileKind): { source: SchemaFile<T>; value: T } {
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

  /** The same of a text; `file` is for messages alone. */
  static parse<T>(text: string, file: string, kind: FileKind): { source: SchemaFile<T>; value: T } {
    const yaml = PositionedYaml.parse(text);
    if (!(yaml instanceof PositionedYaml)) {
      const { line, column } = yaml.position;
      throw new AfterokError(kind.code, `${file}:${line}:${column}: ${yaml.message}`);
    }
    const source = new SchemaFile<T>(file, kind, yaml);
    return { source, value: source.checked(yaml.value) };
  }

  private checked(value: unknown): T {
    const { schema, decisive } = this.kind;
    const text = readFileSync(`${PACKAGE_ROOT}config/schemas/${schema}`, 'utf8');
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true });
    const validate = ajv.compile<T>(JSON.parse(text) as object);
    if (validate(value)) return value;
    const problem =
      validate.errors?.find((error) => decisive !== undefined && error.instancePath === `/${decisive}`) ??
      validate.errors?.find((error) => error.keyword !== 'propertyNames') ??
      validate.errors?.[0];
    if (problem === undefined) throw new Error('ajv reported no error');
    const path = pathOf(problem);
    const particular = this.kind.explain?.(problem, path) ?? null;
    if (particular !== null) throw this.error(path, particular);
    const told = explain(problem, path);
    throw this.error(told.path, told.message);
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

  /** `FILE:LINE:COLUMN: levels[0].mem: MESSAGE` */
  error(path: Path, message: string): AfterokError {
    const { line, column } = this.source.positionOf(path);
    const name = path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .replace(/^\./, '');
    return new AfterokError(
      this.kind.code,
      `${this.file}:${line}:${column}: ${name === '' ? '' : `${name}: `}${message}`,
    );
  }
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
  const found = `found ${JSON.stringify(error.data)}`;
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
