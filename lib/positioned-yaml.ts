import { type Document, isMap, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';
import type { Path, Position, PositionedText, Unreadable } from './positioned-text.js';

/** Reads YAML 1.2 with positions. */
export function parseYaml(text: string): PositionedText | Unreadable {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    const problem = document.errors[0];
    if (problem !== undefined) {
      return { position: at(lines, problem.pos[0]), message: problem.message.split('\n')[0] ?? 'no YAML' };
    }
    return new PositionedYaml(document, lines, document.toJS());
  } catch (error) {
    // An alias without an anchor, or so many that they are meant to exhaust memory; or lists in lists without end.
    return { position: { line: 1, column: 1 }, message: (error as Error).message };
  }
}

class PositionedYaml implements PositionedText {
  constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
    readonly value: unknown,
  ) {}

  positionOf(path: Path): Position {
    for (let length = path.length; length > 0; length -= 1) {
      const offset = this.keyOffset(path.slice(0, length)) ?? this.valueOffset(path.slice(0, length));
      if (offset !== null) return at(this.lines, offset);
    }
    return { line: 1, column: 1 };
  }

  private keyOffset(path: Path): number | null {
    const parent = path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return null;
    const name = String(path.at(-1));
    const pair = parent.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === name);
    return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
  }

  private valueOffset(path: Path): number | null {
    const node = this.document.getIn(path, true);
    if (typeof node !== 'object' || node === null || !('range' in node)) return null;
    return (node.range as [number, number, number] | undefined)?.[0] ?? null;
  }
}

function at(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
