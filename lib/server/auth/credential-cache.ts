import { createHash } from 'node:crypto';

/** Credentials that are remembered at most; the oldest are forgotten first. */
const CAPACITY = 10_000;

export interface Credentials {
  user: string;
  password: string;
}

/** Whether credentials are right. */
export type Verify = (credentials: Credentials) => Promise<boolean>;

/**
 * Spares the slow hashing of a password that was right a moment ago, and of one that is being hashed already. Wrong ones
 * are not remembered; of right ones a digest is.
 */
export class CredentialCache {
  /** When each expires, in milliseconds since the epoch; the oldest first. */
  private readonly right = new Map<string, number>();
  private readonly underway = new Map<string, Promise<boolean>>();

  constructor(
    private readonly verify: Verify,
    private readonly seconds: number,
    private readonly now: () => number,
  ) {}

  isKnown(credentials: Credentials): boolean {
    return (this.right.get(digest(credentials)) ?? 0) > this.now();
  }

  isUnderway(credentials: Credentials): boolean {
    return this.underway.has(digest(credentials));
  }

  async isRight(credentials: Credentials): Promise<boolean> {
    const key = digest(credentials);
    if (this.isKnown(credentials)) return true;
    const verdict = this.underway.get(key) ?? this.check(key, credentials);
    return await verdict;
  }

  private check(key: string, credentials: Credentials): Promise<boolean> {
    const verdict = this.verify(credentials)
      .then((isRight) => {
        if (isRight && this.seconds > 0) this.remember(key);
        return isRight;
      })
      .finally(() => this.underway.delete(key));
    this.underway.set(key, verdict);
    return verdict;
  }

  private remember(key: string): void {
    this.right.delete(key);
    this.right.set(key, this.now() + this.seconds * 1000);
    const [oldest] = this.right.keys();
    if (this.right.size > CAPACITY && oldest !== undefined) this.right.delete(oldest);
  }
}

function digest({ user, password }: Credentials): string {
  return createHash('sha256').update(`${user}:${password}`).digest('base64');
}
