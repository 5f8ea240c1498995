import { FormatError } from '../slurm/format-error.js';

/**
 * A regular expression of a specification, which is searched for anywhere in a name. It is written as Rust's regex
 * crate has it: what differs from JavaScript is translated ((?P<name>…), flags at the beginning, \A and \z, [[:alpha:]],
 * escaped punctuation, brackets that are text), and what cannot be is refused.
 *
 * @throws FormatError for an expression that is none
 */
export function namePattern(written: string): RegExp {
  const { flags, rest } = leadingFlags(written);
  try {
    return new RegExp(new Translator(rest, flags.includes('x')).translate(), `u${flags.replace('x', '')}`);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const reason = (error as Error).message.replace(/^.*\/[a-z]*: /s, '');
    throw new FormatError('regular expression', written, `one that can be read; ${reason}`);
  }
}

const FLAGS = /^\(\?([imsxu]*)(?:-[imsxu]+)?\)/;

/** Flags that hold for the whole expression; u is always on. */
function leadingFlags(written: string): { flags: string; rest: string } {
  const [whole = '', flags = ''] = FLAGS.exec(written) ?? [];
  return { flags: [...new Set(flags.replaceAll('u', ''))].join(''), rest: written.slice(whole.length) };
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/** What stands for something else outside of a class, and how JavaScript writes it. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\A': '^',
  '\\z': '$',
  '\\<': '\\b(?=\\w)',
  '\\>': '\\b(?<=\\w)',
  '\\a': '\\x07',
};

/** Reads the expression piece by piece; each pattern matches one kind of piece at the place that was reached. */
class Translator {
  private offset = 0;

  constructor(
    private readonly text: string,
    private readonly extended: boolean,
  ) {}

  translate(): string {
    let translated = '';
    while (this.offset < this.text.length) translated += this.piece();
    return translated;
  }

  private piece(): string {
    if (this.extended && this.take(/\s+|#[^\n]*/y) !== null) return '';
    const name = this.take(/\(\?P</y);
    if (name !== null) return '(?<';
    if (this.take(/\(\?[imsxuU-]+[):]/y) !== null) {
      throw new FormatError('regular expression', this.text, 'flags at its beginning only');
    }
    const quantifier = this.take(/\{\d+(?:,\d*)?\}/y);
    if (quantifier !== null) return quantifier;
    if (this.take(/\[/y) !== null) return this.characterClass();
    return this.escape() ?? this.bracketAsText() ?? this.next();
  }

  /** Of a class, behind the bracket that opens it. */
  private characterClass(): string {
    let translated = this.take(/\^/y) === null ? '[' : '[^';
    if (this.take(/\]/y) !== null) translated += '\\]';
    while (this.offset < this.text.length) {
      if (this.take(/\]/y) !== null) return `${translated}]`;
      translated += this.classPiece();
    }
    return translated;
  }

  private classPiece(): string {
    const posix = this.take(/\[:\^?[a-z]+:\]/y);
    if (posix !== null) return this.posixClass(posix.slice(2, -2));
    if (this.take(/\[|&&|--|~~/y) !== null) {
      throw new FormatError(
        'regular expression',
        this.text,
        'no class within a class, such as [a[bc]] or [a-z&&b]',
      );
    }
    const escaped = this.take(/\\[-!"#%&',:;<=>@_`~ ]/y);
    if (escaped !== null) return escaped === '\\-' ? escaped : escaped.slice(1);
    return this.codePoint() ?? this.take(/\\./suy) ?? this.next();
  }

  private posixClass(name: string): string {
    const members = POSIX_CLASSES[name];
    if (members !== undefined) return members;
    throw new FormatError('regular expression', this.text, `a class such as [[:alpha:]], not [[:${name}:]]`);
  }

  private escape(): string | null {
    const codePoint = this.codePoint();
    if (codePoint !== null) return codePoint;
    const escaped = this.take(/\\./suy);
    if (escaped === null) return null;
    const special = ESCAPES[escaped];
    if (special !== undefined) return special;
    // Punctuation that has no meaning may be escaped all the same.
    if (/^\\[-!"#%&',:;=@_`~ ]$/.test(escaped)) return escaped.slice(1);
    return /^\\[pP]$/.test(escaped) ? escaped + this.property() : escaped;
  }

  /** \pL is \p{L}. */
  private property(): string {
    const letter = this.take(/[A-Z]/y);
    return letter === null ? '' : `{${letter}}`;
  }

  private codePoint(): string | null {
    const escaped = this.take(/\\[xuU]\{[0-9A-Fa-f]+\}/y);
    return escaped === null ? null : `\\u${escaped.slice(2)}`;
  }

  /** A closing bracket without an opening one is text. */
  private bracketAsText(): string | null {
    const bracket = this.take(/[\]}]/y);
    return bracket === null ? null : `\\${bracket}`;
  }

  private next(): string {
    return this.take(/./suy) ?? '';
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.offset;
    const match = pattern.exec(this.text)?.[0] ?? null;
    if (match !== null) this.offset = pattern.lastIndex;
    return match;
  }
}
