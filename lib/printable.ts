/** Characters that a terminal obeys, lines that end, text that runs backwards, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text of others on one line, safe to show: a line end becomes `\n`, other unprintable characters `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (one) =>
    one === '\n' ? '\\n' : `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
