import json5 from 'json5';
import {
  PlaceTree,
  type PositionedText,
  positionAt,
  positioned,
  type Unreadable,
} from './positioned-text.js';

/** How the two dialects write what structure is made of. Each matches at one place; values are read by the library. */
interface Dialect {
  name: string;
  blank: RegExp;
  key: RegExp;
  scalar: RegExp;
  trailingComma: boolean;
  value(token: string): unknown;
}

const JSON_DIALECT: Dialect = {
  name: 'JSON',
  blank: /[ \t\r\n]*/y,
  key: /"[^"\\]*(?:\\.[^"\\]*)*"/sy,
  scalar: /"[^"\\]*(?:\\.[^"\\]*)*"|[^\s,:[\]{}"]+/sy,
  trailingComma: false,
  value: (token) => JSON.parse(token) as unknown,
};

const JSON5_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'|[^\s,:[\]{}"'/]+/sy;

const JSON5_DIALECT: Dialect = {
  name: 'JSON5',
  blank: /(?:\s+|\/\/[^\n\r\u2028\u2029]*|\/\*.*?\*\/)*/sy,
  key: JSON5_TOKEN,
  scalar: JSON5_TOKEN,
  trailingComma: true,
  value: (token) => json5.parse(token.replace(BARE_SEPARATOR, escaped)) as unknown,
};

/** Line separators of Unicode, which may stand in a string; the library would warn of them on the console. */
const BARE_SEPARATOR = /(?<!\\)[\u2028\u2029]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}

/** Deeper than anything a person writes, and far from the end of the call stack. */
const DEEPEST = 200;

/** Reads JSON with positions: no comments, no trailing commas, no key twice. */
export function parseJson(text: string): PositionedText | Unreadable {
  return parse(text, JSON_DIALECT);
}

/** Reads JSON5 with positions. */
export function parseJson5(text: string): PositionedText | Unreadable {
  return parse(text, JSON5_DIALECT);
}

function parse(text: string, dialect: Dialect): PositionedText | Unreadable {
  try {
    return new JsonReader(text, dialect).document();
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    return { position: positionAt(text, error.offset), message: error.message };
  }
}

class JsonProblem extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

class JsonReader {
  private offset: number;
  /** The punctuation that was read last, unless a scalar was. */
  private lastMark = '';

  constructor(
    private readonly text: string,
    private readonly dialect: Dialect,
  ) {
    // A byte order mark is no part of the document.
    this.offset = text.startsWith('\uFEFF') ? 1 : 0;
  }

  document(): PositionedText {
    this.take(this.dialect.blank);
    const places = new PlaceTree(this.offset);
    const value = this.value(places, 0);
    if (this.offset < this.text.length) throw this.unexpected('the end');
    return positioned(this.text, value, places);
  }

  private value(place: PlaceTree, depth: number): unknown {
    if (depth > DEEPEST) throw new JsonProblem(this.offset, `nested deeper than ${DEEPEST} levels`);
    if (this.punctuation('{')) return this.object(place, depth);
    if (this.punctuation('[')) return this.array(place, depth);
    return this.scalar(this.dialect.scalar, 'a value');
  }

  private object(place: PlaceTree, depth: number): unknown {
    const entries = new Map<string, unknown>();
    while (!this.closed('}', entries.size === 0)) {
      const offset = this.offset;
      const key = this.key();
      if (entries.has(key)) throw new JsonProblem(offset, `key ${JSON.stringify(key)} stands here twice`);
      if (!this.punctuation(':')) throw this.unexpected('":"');
      entries.set(key, this.value(place.add(key, offset), depth + 1));
      if (!this.punctuation(',') && this.text[this.offset] !== '}') throw this.unexpected('"," or "}"');
    }
    return Object.fromEntries(entries);
  }

  private array(place: PlaceTree, depth: number): unknown {
    const items: unknown[] = [];
    while (!this.closed(']', items.length === 0)) {
      items.push(this.value(place.add(items.length, this.offset), depth + 1));
      if (!this.punctuation(',') && this.text[this.offset] !== ']') throw this.unexpected('"," or "]"');
    }
    return items;
  }

  /** The end of a list or object; right behind a comma it is one only where the dialect has trailing commas. */
  private closed(bracket: string, first: boolean): boolean {
    if (this.text[this.offset] !== bracket) return false;
    const behindComma = !first && this.lastMark === ',';
    if (behindComma && !this.dialect.trailingComma) throw this.unexpected('another item behind the comma');
    return this.punctuation(bracket);
  }

  private key(): string {
    const offset = this.offset;
    const token = this.take(this.dialect.key);
    if (token === '') throw this.unexpected(this.dialect.trailingComma ? 'a key' : 'a key in double quotes');
    this.take(this.dialect.blank);
    if (/^["']/.test(token)) return this.read(token, offset) as string;
    // A bare key is one that would be right as the key of an object.
    return Object.keys(this.read(`{${token}:0}`, offset) as object)[0] ?? '';
  }

  private scalar(pattern: RegExp, expected: string): unknown {
    const offset = this.offset;
    const token = this.take(pattern);
    if (token === '') throw this.unexpected(expected);
    this.take(this.dialect.blank);
    this.lastMark = '';
    return this.read(token, offset);
  }

  private read(token: string, offset: number): unknown {
    try {
      return this.dialect.value(token);
    } catch {
      const shown = token.length > 40 ? `${token.slice(0, 40)}…` : token;
      throw new JsonProblem(offset, `${JSON.stringify(shown)} is no ${this.dialect.name}`);
    }
  }

  private punctuation(mark: string): boolean {
    if (this.text[this.offset] !== mark) return false;
    this.offset += 1;
    this.lastMark = mark;
    this.take(this.dialect.blank);
    return true;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.offset;
    const [token = ''] = pattern.exec(this.text) ?? [];
    this.offset += token.length;
    return token;
  }

  private unexpected(expected: string): JsonProblem {
    const found = this.text[this.offset];
    const what = found === undefined ? 'the text ends' : `found ${JSON.stringify(found)}`;
    return new JsonProblem(this.offset, `no ${this.dialect.name}: expected ${expected}, ${what}`);
  }
}
