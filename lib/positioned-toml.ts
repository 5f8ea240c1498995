import { parse, TomlError } from 'smol-toml';
import { PlaceTree, type PositionedText, positioned, type Unreadable } from './positioned-text.js';

/** Reads TOML 1.0 with positions. */
export function parseToml(text: string): PositionedText | Unreadable {
  try {
    const value = parse(text);
    return positioned(text, value, new TomlPlaces(text).document());
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Line by line further down, the library shows the place once more.
    const reason = error.message.split('\n')[0]?.replace('Invalid TOML document', 'no TOML') ?? 'no TOML';
    return { position: { line: error.line, column: error.column }, message: reason };
  }
}

const BLANK = /(?:[ \t\r\n]+|#[^\n]*)*/y;
const KEY_PART = /"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+/y;
const SCALAR =
  /"""(?:[^\\]|\\.)*?"{3,5}|'''.*?'{3,5}|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,\]}#]+(?: \d[^\s,\]}#]*)?/sy;

/** Finds where keys and items stand in a text that is known to be TOML. */
class TomlPlaces {
  private offset = 0;
  private readonly root = new PlaceTree(0);
  /** The table that key-value lines belong to. */
  private table = this.root;
  /** How many tables each array of tables has, by the place of the array. */
  private readonly counts = new Map<PlaceTree, number>();

  constructor(private readonly text: string) {}

  document(): PlaceTree {
    this.take(BLANK);
    while (this.offset < this.text.length) {
      const before = this.offset;
      if (this.skip('[[')) this.arrayHeader();
      else if (this.skip('[')) this.tableHeader();
      else this.pair(this.table);
      this.take(BLANK);
      // What is not understood is stepped over: a position that is a little off beats none.
      if (this.offset === before) this.offset += 1;
    }
    return this.root;
  }

  private tableHeader(): void {
    this.table = this.descend(this.root, this.key());
    this.skip(']');
  }

  private arrayHeader(): void {
    const keys = this.key();
    const array = this.descend(this.root, keys);
    const index = this.counts.get(array) ?? 0;
    this.counts.set(array, index + 1);
    this.table = array.add(index, keys[0]?.offset ?? this.offset);
    this.skip(']]');
  }

  private pair(table: PlaceTree): void {
    const place = this.descend(table, this.key());
    this.skip('=');
    this.value(place);
  }

  private value(place: PlaceTree): void {
    if (this.skip('{')) {
      while (this.text[this.offset] !== '}' && this.offset < this.text.length)
        this.item(() => this.pair(place));
      this.skip('}');
    } else if (this.skip('[')) {
      let index = 0;
      while (this.text[this.offset] !== ']' && this.offset < this.text.length) {
        this.item(() => this.value(place.add(index++, this.offset)));
      }
      this.skip(']');
    } else {
      this.take(SCALAR);
    }
  }

  private item(read: () => void): void {
    const before = this.offset;
    read();
    this.take(BLANK);
    this.skip(',');
    if (this.offset === before) this.offset += 1;
  }

  /** The parts of a dotted key. */
  private key(): { name: string; offset: number }[] {
    const parts = [];
    do {
      const { offset } = this;
      const token = this.take(KEY_PART);
      parts.push({ name: /^["']/.test(token) ? (Object.keys(parse(`${token}=0`))[0] ?? '') : token, offset });
      this.take(BLANK);
    } while (this.skip('.'));
    return parts;
  }

  /** A table under an array of tables is one of its last item. */
  private descend(from: PlaceTree, keys: readonly { name: string; offset: number }[]): PlaceTree {
    return keys.reduce((place, { name, offset }) => {
      const count = this.counts.get(place);
      return (count === undefined ? place : place.add(count - 1, offset)).add(name, offset);
    }, from);
  }

  private skip(mark: string): boolean {
    if (!this.text.startsWith(mark, this.offset)) return false;
    this.offset += mark.length;
    this.take(BLANK);
    return true;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.offset;
    const [token = ''] = pattern.exec(this.text) ?? [];
    this.offset += token.length;
    return token;
  }
}
