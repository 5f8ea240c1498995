import { suggestion } from '../nearest.js';
import type { Path } from '../positioned-text.js';
import { namePattern } from './name-pattern.js';
import type { Problems } from './problems.js';

/** After so many problems the next are told without "did you mean", which takes time among many names. */
const MOST_SUGGESTIONS = 20;

/** The names of one kind of things, against which what is written elsewhere is held. */
export class KnownNames {
  private readonly names: ReadonlySet<string>;
  /** What patterns match; null for a pattern that is none. */
  private readonly matched = new Map<string, string[] | null>();

  /** @param kind as messages have it: `job`, `file`, `user_data` */
  constructor(
    readonly kind: string,
    things: readonly { item: { name: string }; path: Path }[],
    private readonly problems: Problems,
  ) {
    const names = new Set<string>();
    for (const { item, path } of things) {
      if (names.has(item.name)) problems.add([...path, 'name'], `Duplicate ${kind} name: '${item.name}'`);
      names.add(item.name);
    }
    this.names = names;
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  get all(): readonly string[] {
    return [...this.names];
  }

  /** Notes a name that does not exist; `context` says who uses it: `Job 'a' depends_on`. */
  check(name: string, path: Path, context: string): void {
    if (this.names.has(name)) return;
    const meant = this.problems.count < MOST_SUGGESTIONS ? suggestion(name, this.all) : '';
    this.problems.add(path, `${context} non-existent ${this.kind} '${name}'${meant}`);
  }

  /** The names that the pattern is found in; null for one that is no regular expression, which is noted. */
  matching(pattern: string, path: Path, context: string): string[] | null {
    const known = this.matched.get(pattern);
    if (known !== undefined && known !== null) return known;
    const expression = this.problems.parsed(path, context, () => namePattern(pattern));
    const names = expression === null ? null : this.all.filter((name) => expression.test(name));
    this.matched.set(pattern, names);
    return names;
  }
}
