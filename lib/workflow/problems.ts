import type { AfterokError } from '../errors.js';
import type { Path } from '../positioned-text.js';
import { FormatError } from '../slurm/format-error.js';
import type { SpecSource } from './spec-source.js';

/** What is wrong with a specification, each with the place that it is about; and what is only doubtful. */
export class Problems {
  readonly warnings: string[] = [];
  private readonly found: { path: Path; message: string }[] = [];

  get count(): number {
    return this.found.length;
  }

  add(path: Path, message: string): void {
    this.found.push({ path, message });
  }

  warn(message: string): void {
    this.warnings.push(message);
  }

  /** What `parse` makes of a value; null when it refuses it, which is noted. */
  parsed<T>(path: Path, context: string, parse: () => T): T | null {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.add(path, context + error.message);
      return null;
    }
  }

  /** With file, line and column, in the order in which they were found, each once. */
  errors(source: SpecSource): AfterokError[] {
    const errors = this.found.map(({ path, message }) => source.error(path, message));
    return [...new Map(errors.map((error) => [error.message, error])).values()];
  }
}
