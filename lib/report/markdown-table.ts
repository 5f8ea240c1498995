/** Lines of a table that can be as long as the chain is large; the data have them all. */
export const LONGEST_TABLE = 20;

/** A table of GitHub's markdown: cells one space from the bars, a header line as wide as the heads. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const line = (cells: readonly unknown[]) =>
    `| ${cells.map((cell) => markdownCell(String(cell))).join(' | ')} |`;
  const rule = `|${heads.map((head) => '-'.repeat(head.length + 2)).join('|')}|`;
  return [line(heads), rule, ...rows.map(line)].join('\n');
}

/** A bar would end the cell, a line break the table. A backslash before a bar would undo its own. */
function markdownCell(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/\s+/g, ' ');
}

/** The line below a table that shows the first rows of `total`; none when it shows all. */
export function moreRows(total: number, one: string, many: string): string[] {
  const rest = total - LONGEST_TABLE;
  return rest > 0 ? [`and ${rest} more ${rest === 1 ? one : many}`] : [];
}
