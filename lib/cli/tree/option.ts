import { AfterokError } from '../../errors.js';

/** What a value may be completed with. */
export type Completion = 'file' | 'folder' | readonly string[];

/** An option or a positional argument, with what makes a `T` of the texts that were given for it. */
export interface Option<T> {
  help: string;
  /** One letter. */
  alias?: string;
  /** A longer name that is understood as well. */
  otherName?: string;
  /** What the value is called in help; null for a switch. */
  value: string | null;
  completion?: Completion;
  isRequired: boolean;
  isRepeated: boolean;
  /** As help shows it. */
  defaultText?: string;
  /** @param label how the option is called in messages: `--limit`, `WORKFLOW_ID` @throws AfterokError */
  read: (texts: readonly string[], label: string) => T;
}

/** What may be said of an option beside its help. */
interface Extras {
  alias?: string;
  otherName?: string;
  value?: string;
  completion?: Completion;
}

/** An option with one value that `parse` makes of its text; undefined when it is not given. */
function option<T>(
  help: string,
  { value = 'VALUE', ...extras }: Extras,
  parse: (text: string, label: string) => T,
): Option<T | undefined> {
  return {
    ...{ help, value, isRequired: false, isRepeated: false, ...extras },
    read: (texts, label) => {
      if (texts.length > 1) throw usage(`${label} is given ${texts.length} times, expected once`);
      return texts[0] === undefined ? undefined : parse(texts[0], label);
    },
  };
}

/** A switch. */
export function flag(help: string, extras: Omit<Extras, 'value' | 'completion'> = {}): Option<boolean> {
  return {
    help,
    value: null,
    isRequired: false,
    isRepeated: false,
    ...extras,
    read: (texts) => texts.length > 0,
  };
}

export function text(help: string, extras: Extras = {}): Option<string | undefined> {
  return option(help, { value: 'TEXT', ...extras }, (word) => word);
}

export function path(help: string, extras: Extras = {}): Option<string | undefined> {
  return option(help, { value: 'PATH', completion: 'file', ...extras }, (word) => word);
}

/** One of a few words. */
export function choice<const C extends string>(
  help: string,
  choices: readonly C[],
  extras: Extras = {},
): Option<C | undefined> {
  return option(help, { value: choices.join('|'), completion: choices, ...extras }, (word, label) => {
    const found = choices.find((candidate) => candidate === word);
    if (found === undefined) throw usage(`${label} ${word}: expected ${choices.join(', ')}`);
    return found;
  });
}

/** A whole number, of at least 0 if nothing else is said. */
export function integer(
  help: string,
  { least = 0, ...extras }: Extras & { least?: number } = {},
): Option<number | undefined> {
  return option(help, { value: 'N', ...extras }, (word, label) => {
    const number = Number(word);
    if (/^-?\d{1,15}$/.test(word) && number >= least) return number;
    const bound = least === -Infinity ? '' : ` of at least ${least}`;
    throw usage(`${label} ${word}: expected a whole number${bound}`);
  });
}

/** A number above 0. */
export function decimal(help: string, extras: Extras = {}): Option<number | undefined> {
  return option(help, { value: 'NUMBER', ...extras }, (word, label) => {
    const number = Number(word);
    if (word.trim() !== '' && Number.isFinite(number) && number > 0) return number;
    throw usage(`${label} ${word}: expected a number above 0`);
  });
}

/** `true` or `false` in words, for what is neither when it is left out. */
export function truth(help: string, extras: Extras = {}): Option<boolean | undefined> {
  const word = choice(help, ['true', 'false'], extras);
  return { ...word, read: (texts, label) => mapGiven(word.read(texts, label), (given) => given === 'true') };
}

/** Must be given. */
export function required<T>(inner: Option<T | undefined>): Option<T> {
  return {
    ...inner,
    isRequired: true,
    read: (texts, label) => {
      const value = inner.read(texts, label);
      if (value === undefined) throw usage(`${label} is missing`);
      return value;
    },
  };
}

/** Stands for a value when it is left out. */
export function fallback<T>(inner: Option<T | undefined>, value: T): Option<T> {
  return {
    ...inner,
    defaultText: String(value),
    read: (texts, label) => inner.read(texts, label) ?? value,
  };
}

/** May be given several times; values of numbers may also stand in one word, with commas. */
export function repeated<T>(inner: Option<T | undefined>, separator: ',' | null = null): Option<T[]> {
  return {
    ...inner,
    isRepeated: true,
    read: (texts, label) => {
      const words = separator === null ? texts : texts.flatMap((word) => word.split(separator));
      return words
        .map((word) => inner.read([word.trim()], label))
        .filter((value) => value !== undefined) as T[];
    },
  };
}

/** Wrong usage: exit code 2. */
export function usage(message: string, hint: string | null = null): AfterokError {
  return new AfterokError('bad-option', message, hint);
}

function mapGiven<T, R>(value: T | undefined, change: (given: T) => R): R | undefined {
  return value === undefined ? undefined : change(value);
}
