import type { Combination } from './combinations.js';
import { writeValue } from './parameter-value.js';

/** `{p}` or `{p:FORMAT}`; `${p}` is the shell's. */
const PLACEHOLDER = /(?<!\$)\{([^{}:]+)(?::([^{}]*))?\}/g;

/** A text in which parameters stand for values. */
export class Template {
  /** Texts and placeholders in turn, a text first and last. */
  private readonly texts: string[] = [];
  private readonly placeholders: { name: string; format: string }[] = [];
  /** The parameters that stand in it. */
  readonly names: ReadonlySet<string>;

  /** Braces around anything but the name of a parameter are text. */
  constructor(text: string, parameters: ReadonlySet<string>) {
    let from = 0;
    for (const match of text.matchAll(PLACEHOLDER)) {
      const [whole, name = '', format = ''] = match;
      if (!parameters.has(name)) continue;
      this.texts.push(text.slice(from, match.index));
      this.placeholders.push({ name, format });
      from = match.index + whole.length;
    }
    this.texts.push(text.slice(from));
    this.names = new Set(this.placeholders.map(({ name }) => name));
  }

  write(combination: Combination): string {
    if (this.placeholders.length === 0) return this.texts[0] ?? '';
    return this.texts
      .map((text, place) => {
        const placeholder = this.placeholders[place];
        if (placeholder === undefined) return text;
        const value = combination.get(placeholder.name);
        return text + (value === undefined ? '' : writeValue(value, placeholder.format));
      })
      .join('');
  }

  /** What it says for these combinations, each text once, in order. */
  writeEach(combinations: readonly Combination[]): string[] {
    if (this.placeholders.length === 0) return [this.texts[0] ?? ''];
    return [...new Set(combinations.map((combination) => this.write(combination)))];
  }
}
