import { type ProcessRow, proportionalSize } from './process-table.js';

/** The resident memory of one run, as far as somebody looked. */
export class MemoryWatch {
  /** Largest sum that was seen; bytes. */
  peak: number | null = null;

  /** @param limit bytes; null where nobody but the kernel holds the run to one */
  constructor(private readonly limit: number | null) {}

  /** Whether it has to be looked at often. */
  get enforces(): boolean {
    return this.limit !== null;
  }

  /**
   * @param tree the run's processes
   * @returns true when they are to be killed for want of memory
   */
  look(tree: readonly ProcessRow[]): boolean {
    const resident = tree.reduce((sum, row) => sum + row.resident, 0);
    const over = this.limit !== null && resident > this.limit;
    // Only then is it worth to ask what is shared.
    const size = over && tree.length > 1 ? (proportionalSize(tree) ?? resident) : resident;
    this.peak = Math.max(this.peak ?? 0, size);
    return this.limit !== null && size > this.limit;
  }
}
