import type { Path } from '../positioned-text.js';
import type { Combination } from './combinations.js';
import { combinationsOf, type SharedParameters } from './item-parameters.js';
import type { Problems } from './problems.js';
import type { Parameterised } from './spec.js';
import { Template } from './template.js';
import { VARIABLE } from './variables.js';

/** One thing that a specification stands for, and where it is written. */
export interface Expanded<T> {
  item: T;
  path: Path;
}

type Named = Parameterised & { name: string };

/**
 * Writes every item out for the combinations of its parameters. What has the same parameters in its name is one thing,
 * whatever else varies: its lists hold what all of its combinations say, so that a job whose name does not vary waits
 * for all. A text that would then have to be several is a problem.
 */
export function expandItems<T extends Named>(
  key: string,
  items: readonly T[],
  shared: SharedParameters,
  problems: Problems,
): Expanded<T>[] {
  return items.flatMap((item, place) => {
    const path = [key, place];
    const combinations = combinationsOf(item, path, shared, problems);
    if (combinations === 'unreadable') return [];
    if (combinations === null) return [{ item, path }];
    if (combinations.length === 0) {
      problems.warn(`${key}[${place}] '${item.name}' stands for nothing: a parameter of it has no values`);
      return [];
    }
    return new ItemExpansion(item, path, combinations, problems).all();
  });
}

/** Not written out: what says how to. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['parameters', 'parameter_mode', 'use_parameters']);

class ItemExpansion<T extends Named> {
  private readonly parameters: ReadonlySet<string>;
  private readonly templates = new Map<string, Template>();
  private readonly fields: [string, unknown][];

  constructor(
    private readonly item: T,
    private readonly path: Path,
    private readonly combinations: readonly Combination[],
    private readonly problems: Problems,
  ) {
    this.parameters = new Set(combinations[0]?.keys());
    this.fields = Object.entries(item).filter(([key]) => !OWN_FIELDS.has(key));
  }

  all(): Expanded<T>[] {
    return this.groups().map((group) => ({ item: this.write(group), path: this.path }));
  }

  /** The combinations that are told apart by what stands in the name. */
  private groups(): Combination[][] {
    const names = [...this.template(this.item.name).names];
    if (names.length === this.parameters.size) return this.combinations.map((combination) => [combination]);
    const ids = new Map<unknown, number>();
    const idOf = (value: unknown) => ids.get(value) ?? ids.set(value, ids.size).size - 1;
    const groups = new Map<string, Combination[]>();
    for (const combination of this.combinations) {
      const key = names.map((name) => idOf(combination.get(name))).join();
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [combination]);
      else group.push(combination);
    }
    return [...groups.values()];
  }

  private write(group: readonly Combination[]): T {
    return Object.fromEntries(
      this.fields.map(([key, value]) => {
        if (key === 'data') return [key, this.writeData(value, group)];
        if (typeof value === 'string') return [key, this.writeText(key, value, group)];
        return [key, isTexts(value) ? this.writeList(value, group) : value];
      }),
    ) as unknown as T;
  }

  private writeList(texts: readonly string[], group: readonly Combination[]): string[] {
    return [...new Set(texts.flatMap((text) => this.template(text).writeEach(group)))];
  }

  private writeText(key: string, text: string, group: readonly Combination[]): string {
    // A variable whose name varies while the job's does not stands for all of them, one beside the other.
    const joined =
      group.length === 1
        ? text
        : text.replace(VARIABLE, (variable) => this.template(variable).writeEach(group).join(' '));
    const [written = '', other] = this.template(joined).writeEach(group);
    if (other !== undefined) this.ambiguous(key, written, other);
    return written;
  }

  private writeData(data: unknown, group: readonly Combination[]): unknown {
    const each = group.map((combination) => this.dataFor(data, combination));
    const other = each.find((one) => JSON.stringify(one) !== JSON.stringify(each[0]));
    if (other !== undefined) this.ambiguous('data', JSON.stringify(each[0]), JSON.stringify(other));
    return each[0];
  }

  private dataFor(data: unknown, combination: Combination): unknown {
    if (typeof data === 'string') return this.template(data).write(combination);
    if (Array.isArray(data)) return data.map((one) => this.dataFor(one, combination));
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, this.dataFor(value, combination)]),
    );
  }

  private ambiguous(key: string, one: string, other: string): void {
    const name = this.template(this.item.name).write(this.combinations[0] ?? new Map());
    this.problems.add(
      [...this.path, key],
      `'${name}' would have several: ${shown(one)}, ${shown(other)}, …; what varies in it must stand in the name too`,
    );
  }

  private template(text: string): Template {
    const known = this.templates.get(text);
    if (known !== undefined) return known;
    const template = new Template(text, this.parameters);
    this.templates.set(text, template);
    return template;
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Short, and in one line. */
function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
