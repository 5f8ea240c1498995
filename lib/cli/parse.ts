import { AfterokError } from '../errors.js';
import { allOptions, type CommandSpec, type OptionSpec } from './command.js';
import { optionParser, refuseUnknown } from './option-parser.js';

/** The options that were given, by long name, and the words behind them. */
export interface ParsedArguments {
  has(name: string): boolean;
  text(name: string): string | null;
  list(name: string): string[];
  /** @throws AfterokError for what is no whole number from `least` on */
  integer(name: string, least: number): number | null;
  positionals: string[];
}

/**
 * Parses a command line against a command's options. Parsing stops at the first word that is no option, as sbatch
 * does: what follows a script belongs to the script, whatever it looks like. Commands without a script say
 * `interspersed`.
 *
 * @throws AfterokError for unknown options and missing or unexpected values
 */
export function parseArguments(spec: CommandSpec, argv: readonly string[]): ParsedArguments {
  const options = allOptions(spec);
  const parser = optionParser(argv.map(String), {
    'halt-at-non-option': spec.interspersed !== true,
    'short-option-groups': true,
    'populate--': false,
    'duplicate-arguments-array': true,
  });
  for (const option of options) {
    parser.option(option.name, {
      ...(option.alias === undefined ? {} : { alias: option.alias }),
      type: option.value === undefined ? 'boolean' : 'string',
    });
  }
  const values = parser.parseSync() as Record<string, unknown>;
  const given = new Map(options.flatMap((option) => collect(option, values[option.name])));
  const names = options.map(({ name }) => name);
  const letters = options.map(({ alias }) => alias);
  refuseUnknown(values, names, letters, spec.name);
  return reader(given, (values._ as unknown[]).map(String));
}

function collect(option: OptionSpec, value: unknown): (readonly [string, string[]])[] {
  if (value === undefined || value === false) return [];
  const texts = value === true ? [] : [value].flat().map(String);
  if (texts.length > 1 && option.many !== true && option.value !== undefined) {
    throw new AfterokError('bad-option', `--${option.name} is given ${texts.length} times, expected once`);
  }
  const empty = option.value !== undefined && option.optional !== true && texts.some((text) => text === '');
  if (empty && option.name !== 'export') {
    throw new AfterokError(
      'bad-option',
      `--${option.name} needs a value: --${option.name} <${option.value}>`,
    );
  }
  const odd = texts.find((text) => option.choices?.includes(text) === false);
  if (odd !== undefined) {
    throw new AfterokError('bad-option', `--${option.name} ${odd}: expected ${option.choices?.join(' or ')}`);
  }
  return [[option.name, texts]];
}

function reader(given: ReadonlyMap<string, string[]>, positionals: string[]): ParsedArguments {
  const text = (name: string) => given.get(name)?.[0] ?? null;
  return {
    has: (name) => given.has(name),
    text,
    list: (name) => given.get(name) ?? [],
    integer: (name, least) => {
      const value = text(name);
      if (value === null) return null;
      if (/^\d{1,9}$/.test(value) && Number(value) >= least) return Number(value);
      throw new AfterokError(
        'bad-option',
        `--${name} ${value}: expected a whole number of at least ${least}`,
      );
    },
    positionals,
  };
}
