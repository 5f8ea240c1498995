import { FormatError } from '../format-error.js';
import { nearest } from '../nearest.js';
import {
  ALIASES,
  BY_LETTER,
  NAMES,
  NAMES_22_05,
  type OptionRule,
  SBATCH_OPTIONS,
  type SbatchOptionName,
} from './sbatch-option-table.js';

export interface SbatchOption {
  /** The long name. */
  name: SbatchOptionName;
  /** Null for an option without one; of `--comment=` it is the empty string. */
  value: string | null;
  /** The tokens that said it; of bundled letters, `-Hpday`, each gets its own: `-H` and `-pday`. */
  text: string[];
}

/**
 * The options in the tokens of `#SBATCH` lines, or in what stands before the script on a command line, as sbatch's
 * getopt_long reads them. Faithful in what surprises, too: `-p=day` asks for the partition `=day`, and `-p -J` for
 * one called `-J`.
 *
 * @throws FormatError for an unknown option, a missing or superfluous value, and a word that belongs to no option
 */
export function parseSbatchOptions(tokens: readonly string[]): SbatchOption[] {
  const { options, rest, separated } = takeSbatchOptions(tokens);
  const word = separated && rest.length > 0 ? '--' : rest[0];
  if (word !== undefined) throw new FormatError('sbatch option', word, 'a word that starts with - or --');
  return options;
}

/**
 * The same of a whole command line: the options before the first word that is none, the script, or before a `--`, and
 * what follows.
 */
export function takeSbatchOptions(tokens: readonly string[]): {
  options: SbatchOption[];
  rest: string[];
  /** A `--` stood before the rest. */
  separated: boolean;
} {
  const options: SbatchOption[] = [];
  const queue = [...tokens];
  for (let token = queue.shift(); token !== undefined; token = queue.shift()) {
    if (token === '--') return { options, rest: queue, separated: true };
    if (/^--./.test(token)) options.push(parseLong(token, queue));
    else if (/^-[^-]/.test(token)) options.push(...parseShort(token, queue));
    else return { options, rest: [token, ...queue], separated: false };
  }
  return { options, rest: [], separated: false };
}

function parseLong(token: string, queue: string[]): SbatchOption {
  const [, word = '', attached] = /^--([^=]*)(?:=(.*))?$/s.exec(token) ?? [];
  const name = resolveName(word, token);
  const rule: OptionRule = SBATCH_OPTIONS[name];
  if (attached !== undefined) {
    if (rule.value === 'none') throw new FormatError('sbatch option', token, `--${name} without a value`);
    return { name, value: attached, text: [token] };
  }
  if (rule.value !== 'required') return { name, value: null, text: [token] };
  const value = takeValue(name, token, queue);
  return { name, value, text: [token, value] };
}

function parseShort(token: string, queue: string[]): SbatchOption[] {
  const options: SbatchOption[] = [];
  const letters = [...token.slice(1)];
  for (const [index, letter] of letters.entries()) {
    const name = BY_LETTER.get(letter);
    if (name === undefined)
      throw new FormatError('sbatch option', `-${letter}`, 'a letter that sbatch knows');
    const rule: OptionRule = SBATCH_OPTIONS[name];
    const attached = letters.slice(index + 1).join('');
    if (rule.value === 'none') {
      options.push({ name, value: null, text: [`-${letter}`] });
    } else if (attached !== '' || rule.value === 'optional') {
      return [
        ...options,
        { name, value: attached === '' ? null : attached, text: [`-${letter}${attached}`] },
      ];
    } else {
      const value = takeValue(name, token, queue);
      return [...options, { name, value, text: [`-${letter}`, value] }];
    }
  }
  return options;
}

/** A required value is the next token, whatever it looks like. */
function takeValue(name: SbatchOptionName, token: string, queue: string[]): string {
  const value = queue.shift();
  if (value === undefined) throw new FormatError('sbatch option', token, `a value, as in --${name}=VALUE`);
  return value;
}

/**
 * A name, an alias, or the unambiguous start of one. Names of 22.05 go first, so that what an old sbatch understands
 * is understood here: `--res` was reservation before resv-ports came.
 */
function resolveName(word: string, token: string): SbatchOptionName {
  const exact = NAMES.find((name) => name === word) ?? ALIASES.get(word);
  if (exact !== undefined) return exact;
  const old = NAMES_22_05.filter((name) => name.startsWith(word));
  const candidates = old.length > 0 ? old : NAMES.filter((name) => name.startsWith(word));
  const [only, ...others] = candidates;
  if (only === undefined) throw unknownOption(word, token);
  if (others.length === 0) return ALIASES.get(only) ?? (only as SbatchOptionName);
  const named = candidates.slice(0, 6).map((name) => `--${name}`);
  throw new FormatError('sbatch option', token, `one option, not the start of ${named.join(', ')}`);
}

function unknownOption(word: string, token: string): FormatError {
  return new FormatError(
    'sbatch option',
    token,
    `an option of sbatch; the nearest is --${nearest(word, NAMES)}`,
  );
}

/** The option as sbatch takes it when it is said more than once: the last one wins. Undefined when it is not said. */
export function findOption(
  options: readonly SbatchOption[],
  name: SbatchOptionName,
): SbatchOption | undefined {
  return options.findLast((option) => option.name === name);
}

export type SbatchSettings = Readonly<Record<string, string | number | true | null | undefined>>;

/**
 * `{ partition: 'day', hold: true }` as `['--partition=day', '--hold']`, in the order of the keys; null and undefined
 * are left out. Always with `=`, which optional values need.
 *
 * @throws FormatError for a key that is no long name, and for a value where none may be, or none where one must
 */
export function buildSbatchArgs(settings: SbatchSettings): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [buildArg(key, value)],
  );
}

function buildArg(key: string, value: string | number | true): string {
  const name = NAMES.find((candidate) => candidate === key);
  if (name === undefined) throw unknownOption(key, key);
  const rule: OptionRule = SBATCH_OPTIONS[name];
  if (value === true) {
    if (rule.value === 'required') throw new FormatError(`value of --${name}`, 'true', 'text or a number');
    return `--${name}`;
  }
  if (rule.value === 'none') throw new FormatError(`value of --${name}`, String(value), 'true or nothing');
  if (String(value).includes('\0'))
    throw new FormatError(`value of --${name}`, String(value), 'no NUL character');
  return `--${name}=${value}`;
}
