import { readFileSync, statSync } from 'node:fs';
import { AfterokError } from '../../errors.js';
import { HtpasswdFile } from '../htpasswd-file.js';

/** The users of an htpasswd file, which is read again when it has changed. */
export class PasswordFile {
  private users: HtpasswdFile;
  private stamp: string;

  /** @throws AfterokError when it cannot be read */
  constructor(private readonly path: string) {
    try {
      this.stamp = this.stampNow();
      this.users = this.read();
    } catch (error) {
      throw new AfterokError('bad-htpasswd', `${path}: ${(error as Error).message}`, null, { cause: error });
    }
  }

  get size(): number {
    return this.users.users.length;
  }

  /** Whether this is the user's password. A file that cannot be read any more leaves the users that were known. */
  verify(user: string, password: string): Promise<boolean> {
    try {
      const stamp = this.stampNow();
      if (stamp !== this.stamp) this.users = this.read();
      this.stamp = stamp;
    } catch {
      // It is being replaced; the next attempt finds it.
    }
    return this.users.verify(user, password);
  }

  private read(): HtpasswdFile {
    return HtpasswdFile.parse(readFileSync(this.path, 'utf8'));
  }

  private stampNow(): string {
    const { mtimeMs, size, ino } = statSync(this.path);
    return `${mtimeMs} ${size} ${ino}`;
  }
}
