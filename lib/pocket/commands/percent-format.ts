/** A column of squeue or sinfo: its heading, and its value for one row. */
export interface Column<Row> {
  heading: string;
  value: (row: Row) => string;
}

/** A part of a `-o` format: text that is printed as it stands, or a field. */
type Part = { text: string } | { letter: string; width: number | null; right: boolean };

/** `%[[.]WIDTH]LETTER`, as squeue(1) and sinfo(1) have it; `.` aligns to the right. */
const FIELD = /%(\.)?(\d+)?([a-zA-Z%])/g;

function parsePercentFormat(format: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of format.matchAll(FIELD)) {
    const [all, dot, width, letter = ''] = match;
    if (match.index > end) parts.push({ text: format.slice(end, match.index) });
    end = match.index + all.length;
    if (letter === '%') parts.push({ text: '%' });
    else parts.push({ letter, width: width === undefined ? null : Number(width), right: dot !== undefined });
  }
  if (end < format.length) parts.push({ text: format.slice(end) });
  return parts;
}

/**
 * The lines of a listing in a `-o` format.
 *
 * @param columns by letter
 * @param missing called for a letter that is no column; throws
 */
export function percentTable<Row>(
  format: string,
  columns: Readonly<Record<string, Column<Row>>>,
  rows: readonly Row[],
  { heading, missing }: { heading: boolean; missing: (letter: string) => never },
): string[] {
  const parts = parsePercentFormat(format);
  const cells = parts.map((part) => ('text' in part ? null : (columns[part.letter] ?? missing(part.letter))));
  const line = (value: (column: Column<Row>) => string) =>
    parts
      .map((part, place) => {
        const column = cells[place];
        return 'text' in part || column == null
          ? 'text' in part
            ? part.text
            : ''
          : fit(value(column), part);
      })
      .join('');
  const lines = rows.map((row) => line((column) => column.value(row)));
  return heading ? [line((column) => column.heading), ...lines] : lines;
}

/** Cut to the width and padded to it; without a width as long as it is. */
function fit(text: string, { width, right }: { width: number | null; right: boolean }): string {
  if (width === null) return text;
  const cut = text.slice(0, width);
  return right ? cut.padStart(width) : cut.padEnd(width);
}

/** What `-O` prints: named columns `NAME[:[.]WIDTH]`, 20 wide unless said, without a space between them. */
export function namedTable<Row>(
  format: string,
  columns: Readonly<Record<string, Column<Row>>>,
  rows: readonly Row[],
  { heading, missing }: { heading: boolean; missing: (name: string) => never },
): string[] {
  const fields = format.split(',').map((word) => {
    const [, name = '', dot, width] = /^\s*([\w-]+)(?::(\.)?-?(\d+)?)?/.exec(word) ?? [];
    const column = columns[name.toLowerCase()] ?? missing(name);
    return { column, width: width === undefined ? 20 : Number(width), right: dot !== undefined };
  });
  const line = (value: (column: Column<Row>) => string) =>
    fields.map((field) => fit(value(field.column), field)).join('');
  const lines = rows.map((row) => line((column) => column.value(row)));
  return heading ? [line((column) => column.heading), ...lines] : lines;
}
