const INDENT = '  ';

/** A title and the lines below it; '' without any. */
export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title}:`, ...lines.map((line) => `${INDENT}${line}`)].join('\n');
}

/** A word and what it means, which begins at `column`: on the next line where the word is too long for that. */
export function explained(word: string, text: string, column: number): string {
  const gap = word.length >= column ? `\n${INDENT}${' '.repeat(column)}` : ' '.repeat(column - word.length);
  return `${word}${gap}${text}`;
}

/** Each example below what it does. */
export function exampleLines(examples: readonly { text: string; command: string }[]): string[] {
  return examples.flatMap(({ text, command }) => [`# ${text}`, command]);
}
