/** Attempts of one user at one address that may fail within the window. */
const PER_USER = 10;

/** The same for all users of an address: a login node has many. */
const PER_ADDRESS = 100;

/** Milliseconds. */
const WINDOW = 60_000;

/** Counters that are kept at most; the oldest are forgotten first. */
const CAPACITY = 100_000;

interface Counter {
  failures: number;
  /** Milliseconds since the epoch. */
  until: number;
}

/** An attempt that has been let through. It counts as failed from its beginning, lest many at once get past the limit. */
export interface Attempt {
  succeeded(): void;
}

/** Slows down whoever guesses at passwords. */
export class FailedLogins {
  private readonly counters = new Map<string, Counter>();

  constructor(private readonly now: () => number) {}

  /** @returns the seconds to wait when there were too many failures */
  begin(address: string, user: string): Attempt | { retryAfter: number } {
    const ofUser = this.counter(`${address} ${user}`);
    const ofAddress = this.counter(address);
    for (const [counter, limit] of [
      [ofUser, PER_USER],
      [ofAddress, PER_ADDRESS],
    ] as const) {
      if (counter.failures >= limit) return { retryAfter: Math.ceil((counter.until - this.now()) / 1000) };
    }
    ofUser.failures += 1;
    ofAddress.failures += 1;
    return {
      succeeded() {
        ofUser.failures = 0;
        ofAddress.failures -= 1;
      },
    };
  }

  private counter(key: string): Counter {
    const known = this.counters.get(key);
    if (known !== undefined && known.until > this.now()) return known;
    const counter = { failures: 0, until: this.now() + WINDOW };
    this.counters.delete(key);
    this.counters.set(key, counter);
    const [oldest] = this.counters.keys();
    if (this.counters.size > CAPACITY && oldest !== undefined) this.counters.delete(oldest);
    return counter;
  }
}
