/** A place in a file that a person wrote; both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Keys and places that lead to a value. */
export type Path = readonly (string | number)[];

/** What a text says, and where: so that messages about a value name line and column. */
export interface PositionedText {
  readonly value: unknown;
  /** Where the key or list item at this path stands; of a missing one, where its nearest parent does. */
  positionOf(path: Path): Position;
}

/** Where and why a text is not what it should be. */
export interface Unreadable {
  position: Position;
  message: string;
}

/** Reads a text of one syntax. Never throws. */
export type ParseText = (text: string) => PositionedText | Unreadable;

export function isUnreadable(parsed: PositionedText | Unreadable): parsed is Unreadable {
  return 'message' in parsed;
}

/** Where the values of a document stand, as offsets into its text. */
export class PlaceTree {
  private readonly children = new Map<string | number, PlaceTree>();

  constructor(readonly offset: number) {}

  /** Notes where the child under this key stands; of a key that is noted already, the place that was noted first. */
  add(key: string | number, offset: number): PlaceTree {
    const known = this.children.get(key);
    if (known !== undefined) return known;
    const child = new PlaceTree(offset);
    this.children.set(key, child);
    return child;
  }

  /** The place of the longest known beginning of the path. */
  nearest(path: Path): number {
    let place: PlaceTree = this;
    for (const key of path) {
      const child = place.children.get(key) ?? place.children.get(String(key));
      if (child === undefined) break;
      place = child;
    }
    return place.offset;
  }
}

/** A value with the places of its parts, in a text. */
export function positioned(text: string, value: unknown, places: PlaceTree): PositionedText {
  // Counted once: a file with many mistakes is asked for many positions.
  let starts: number[] | null = null;
  const positionOf = (path: Path) => {
    starts ??= [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
    return positionIn(starts, places.nearest(path));
  };
  return { value, positionOf };
}

/** Line and column of an offset. */
export function positionAt(text: string, offset: number): Position {
  const starts = Array.from(text.slice(0, offset).matchAll(/\n/g), ({ index }) => index + 1);
  return positionIn([0, ...starts], offset);
}

function positionIn(starts: readonly number[], offset: number): Position {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
