import { type Document, isMap, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';

/** A place in a file that a person wrote. */
export interface Position {
  line: number;
  column: number;
}

/** A YAML text that can say where a value stands, so that messages about it name line and column. */
export class PositionedYaml {
  private constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
    readonly value: unknown,
  ) {}

  /** @returns the document, or where and why it is no YAML */
  static parse(text: string): PositionedYaml | { position: Position; message: string } {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const problem = document.errors[0];
    if (problem !== undefined) {
      return { position: at(lines, problem.pos[0]), message: problem.message.split('\n')[0] ?? 'no YAML' };
    }
    try {
      return new PositionedYaml(document, lines, document.toJS());
    } catch (error) {
      // An alias without an anchor, or so many that they are meant to exhaust memory.
      return { position: { line: 1, column: 1 }, message: (error as Error).message };
    }
  }

  /** Where the value at this path stands; of a missing one, where its nearest parent does. */
  positionOf(path: readonly (string | number)[]): Position {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = this.keyOffset(path.slice(0, length)) ?? this.valueOffset(path.slice(0, length));
      if (offset !== null) return at(this.lines, offset);
    }
    return { line: 1, column: 1 };
  }

  private keyOffset(path: readonly (string | number)[]): number | null {
    const parent = path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return null;
    const name = String(path.at(-1));
    const pair = parent.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === name);
    return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
  }

  private valueOffset(path: readonly (string | number)[]): number | null {
    const node = this.document.getIn(path, true);
    if (typeof node !== 'object' || node === null || !('range' in node)) return null;
    return (node.range as [number, number, number] | undefined)?.[0] ?? null;
  }
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
