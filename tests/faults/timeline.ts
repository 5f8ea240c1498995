/** What is done at a moment; time stands still until it is done. */
type Action = () => void | Promise<void>;

interface Entry {
  at: number;
  order: number;
  action: Action;
}

/** Virtual time: seconds since the epoch. It passes only from one entry to the next. */
export class Timeline {
  private readonly entries: Entry[] = [];
  private order = 0;

  constructor(public now: number) {}

  get empty(): boolean {
    return this.entries.length === 0;
  }

  /** Entries of the same moment happen in the order in which they were made. */
  at(moment: number, action: Action): void {
    const entry = { at: Math.max(moment, this.now), order: this.order++, action };
    let low = 0;
    let high = this.entries.length;
    // Latest first, so that the next one is taken from the end.
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.entries[middle] as Entry;
      if (other.at > entry.at || (other.at === entry.at && other.order > entry.order)) low = middle + 1;
      else high = middle;
    }
    this.entries.splice(low, 0, entry);
  }

  after(seconds: number, action: Action): void {
    this.at(this.now + seconds, action);
  }

  /** @returns false when nothing is left to happen */
  async step(): Promise<boolean> {
    const entry = this.entries.pop();
    if (entry === undefined) return false;
    this.now = entry.at;
    await entry.action();
    return true;
  }
}
