import { compare } from 'bcryptjs';

/** `$2a$`, `$2b$` and `$2y$` name the same algorithm; cost 4 to 31. */
const BCRYPT = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

/** A line that is no user, for whoever wrote it. */
export interface HtpasswdProblem {
  /** From 1. */
  line: number;
  message: string;
}

/** The users of an htpasswd file: `user:bcrypt` lines, `#` comments. A user who stands there twice is the last one. */
export class HtpasswdFile {
  private constructor(
    private readonly lines: readonly string[],
    private readonly hashes: ReadonlyMap<string, string>,
    readonly problems: readonly HtpasswdProblem[],
  ) {}

  static parse(text: string): HtpasswdFile {
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    const hashes = new Map<string, string>();
    const problems: HtpasswdProblem[] = [];
    for (const [index, line] of lines.entries()) {
      if (isComment(line)) continue;
      const [user, hash = ''] = split(line);
      const fault = faultOf(user, hash);
      if (fault === null) hashes.set(user, hash);
      else problems.push({ line: index + 1, message: fault });
    }
    return new HtpasswdFile(lines, hashes, problems);
  }

  /** In the order of the file. */
  get users(): string[] {
    return [...this.hashes.keys()];
  }

  hashOf(user: string): string | null {
    return this.hashes.get(user) ?? null;
  }

  /** Whether this is the user's password; takes as long for a user who does not exist. */
  async verify(user: string, password: string): Promise<boolean> {
    const hash = this.hashOf(user);
    const equal = await compare(password, hash ?? NOBODY);
    return equal && hash !== null;
  }

  /** The file with the user's line changed, or with a line more; everything else stays as it is. */
  with(user: string, hash: string): HtpasswdFile {
    const line = `${user}:${hash}`;
    if (!this.hashes.has(user)) return HtpasswdFile.parse(textOf([...this.lines, line]));
    return HtpasswdFile.parse(textOf(this.lines.map((old) => (isOf(old, user) ? line : old))));
  }

  without(user: string): HtpasswdFile {
    return HtpasswdFile.parse(textOf(this.lines.filter((line) => !isOf(line, user))));
  }

  get text(): string {
    return textOf(this.lines);
  }
}

/** No password has this hash. */
const NOBODY = `$2b$12$${'.'.repeat(53)}`;

/** Why this cannot be a user's name; null if it can. */
export function faultOfUsername(user: string): string | null {
  if (user === '') return 'the name is empty';
  if (user.length > 255) return 'the name is longer than 255 characters';
  if (user.includes(':')) return 'a name has no ":", which ends it in the file and on the wire';
  if (user.startsWith('#')) return 'a name does not begin with "#", which begins a comment';
  if (user !== user.trim()) return 'a name does not begin or end with a space';
  if (/\p{Cc}/u.test(user)) return 'a name has no control characters';
  return null;
}

function faultOf(user: string, hash: string): string | null {
  if (hash === '') return 'expected USER:HASH';
  const fault = faultOfUsername(user);
  if (fault !== null) return fault;
  if (BCRYPT.test(hash)) return null;
  return `the hash of ${user} is no bcrypt hash ($2a$, $2b$ or $2y$); torc-htpasswd add makes one`;
}

function isComment(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

function isOf(line: string, user: string): boolean {
  return !isComment(line) && split(line)[0] === user;
}

function split(line: string): [user: string, hash?: string] {
  const at = line.indexOf(':');
  return at < 0 ? [line.trim()] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
