import { camelCase, type OptionRecord } from './command.js';
import { type Option, usage } from './option.js';

type Words = Readonly<Record<string, readonly string[]>>;

/** Options and positional arguments as texts. */
export interface Parsed {
  /** By long name; a switch that is set has one empty text. */
  given: Words;
  positionals: string[];
}

/** Options after the command's name: a command's own ones win over the program's of the same name or letter. */
export function optionsOf(own: OptionRecord, globals: OptionRecord): OptionRecord {
  const letters = new Set(Object.values(own).map(({ alias }) => alias));
  const rest = Object.entries(globals).filter(([name]) => !Object.hasOwn(own, name));
  return {
    ...own,
    ...Object.fromEntries(
      rest.map(([name, { alias, ...option }]) => [
        name,
        alias === undefined || letters.has(alias) ? option : { ...option, alias },
      ]),
    ),
  };
}

/**
 * Takes words apart; options may stand anywhere, `--` ends them.
 *
 * @param command for messages: `torc files list`
 * @throws AfterokError for unknown options and values that are missing
 */
export async function parseWords(
  options: OptionRecord,
  words: readonly string[],
  command: string,
): Promise<Parsed> {
  const simple = parseSimple(options, words);
  if (simple !== null) return simple;
  const { optionParser, refuseUnknown } = await import('../option-parser.js');
  const parser = optionParser(withSpaces(words, options), { 'populate--': true, 'greedy-arrays': false });
  for (const [name, { alias, otherName, value }] of Object.entries(options)) {
    const aliases = [alias, otherName].filter((other) => other !== undefined);
    parser.option(name, { alias: aliases, type: value === null ? 'boolean' : 'string' });
  }
  const values = parser.parseSync() as Record<string, unknown>;
  const others = Object.values(options).flatMap(({ alias, otherName }) => [alias, otherName]);
  refuseUnknown(values, Object.keys(options), others, command);
  const given = Object.entries(options).map(([name, option]) => [name, textsOf(values[name], name, option)]);
  const positionals = [values._, values['--'] ?? []].flat().map(String);
  return { given: Object.fromEntries(given) as Words, positionals };
}

/** Words and whole switches need no parser, which takes longer to load than help to print; null for others. */
function parseSimple(options: OptionRecord, words: readonly string[]): Parsed | null {
  const switches = new Map(
    Object.entries(options).flatMap(([name, { alias, value }]) => {
      const names = [`--${name}`, ...(alias === undefined ? [] : [`-${alias}`])];
      return value === null ? names.map((word) => [word, name] as const) : [];
    }),
  );
  const dashed = words.filter((word) => word.startsWith('-') && word !== '-');
  if (dashed.some((word) => !switches.has(word))) return null;
  return {
    given: Object.fromEntries(dashed.map((word) => [switches.get(word) ?? word, ['']])),
    positionals: words.filter((word) => !switches.has(word)),
  };
}

/** `-fjson` → `-f json`, which yargs would take for four switches. */
function withSpaces(words: readonly string[], options: OptionRecord): string[] {
  const letters = Object.values(options).flatMap(({ alias, value }) => (value === null ? [] : [alias]));
  const end = words.indexOf('--');
  return words.flatMap((word, at) => {
    const isOpen = end === -1 || at < end;
    const isAttached = /^-[A-Za-z][^=]/.test(word) && letters.includes(word[1]);
    return isOpen && isAttached ? [word.slice(0, 2), word.slice(2)] : [word];
  });
}

/** Makes values of texts, by camel-cased names. @throws AfterokError */
export function readValues(
  positionals: OptionRecord,
  options: OptionRecord,
  { given, positionals: words }: Parsed,
  command: string,
): Record<string, unknown> {
  const places = Object.entries(positionals);
  const values = places.map(([name, option], at) => {
    const texts = option.isRepeated ? words.slice(at) : words.slice(at, at + 1);
    const label = labelOf(name);
    if (option.isRequired && texts.length === 0) throw usage(`${label} is missing`, `${command} --help`);
    return [camelCase(name), option.read(texts, label)];
  });
  const isOpen = places.at(-1)?.[1].isRepeated ?? false;
  const extra = isOpen ? undefined : words[places.length];
  if (extra !== undefined) throw usage(`unexpected argument ${extra}`, `${command} --help`);
  const named = Object.entries(options).map(([name, option]) => [
    camelCase(name),
    option.read(given[name] ?? [], `--${name}`),
  ]);
  return Object.fromEntries([...values, ...named]) as Record<string, unknown>;
}

/** `workflow-id` → `WORKFLOW_ID` */
export function labelOf(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

function textsOf(value: unknown, name: string, { value: label }: Option<unknown>): string[] {
  if (value === undefined || value === false) return [];
  if (label === null) return [''];
  const texts = [value].flat().map(String);
  if (texts.includes('')) throw usage(`--${name} needs a value: --${name} <${label}>`);
  return texts;
}
