import { accessSync, constants, existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import lockfile from 'proper-lockfile';
import { writeFileAtomic } from '../../atomic-file.js';
import { AfterokError, hasErrno } from '../../errors.js';
import { HtpasswdFile } from '../../server/htpasswd-file.js';

/** Whoever can read hashes can guess at passwords. */
const OWNER_ONLY = 0o600;

const HEAD = '# Torc htpasswd file\n# Format: username:bcrypt_hash\n';

/** @throws AfterokError when it cannot be read, or there is none and none will not do */
export function readHtpasswd(file: string, { missing }: { missing?: 'empty' } = {}): HtpasswdFile {
  try {
    return HtpasswdFile.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (missing === 'empty' && hasErrno(error, 'ENOENT')) return HtpasswdFile.parse(HEAD);
    throw unusable(file, error);
  }
}

/**
 * Reads the file, or begins one, and replaces it by what `change` makes of it, readable by its owner alone. Of two
 * people who change it at once, the second one waits.
 */
export async function changeHtpasswd(
  file: string,
  change: (users: HtpasswdFile) => HtpasswdFile,
): Promise<void> {
  const release = await lock(file);
  try {
    write(file, change(readHtpasswd(file, { missing: 'empty' })).text);
  } finally {
    await release();
  }
}

async function lock(file: string): Promise<() => Promise<void>> {
  try {
    // Waiting helps against another writer alone.
    accessSync(dirname(file), constants.W_OK);
    const patience = { retries: 20, minTimeout: 50, maxTimeout: 500 };
    return await lockfile.lock(file, { realpath: false, retries: patience });
  } catch (error) {
    throw unusable(file, error);
  }
}

/** @throws AfterokError when the file exists, unless forced */
export function createHtpasswd(file: string, force: boolean): void {
  if (existsSync(file) && !force)
    throw new AfterokError('bad-htpasswd', `${file} exists`, '--force empties it');
  write(file, HEAD);
}

function write(file: string, text: string): void {
  try {
    writeFileAtomic(target(file), text, OWNER_ONLY);
  } catch (error) {
    throw unusable(file, error);
  }
}

/** A link stays a link: what it points to is replaced. */
function target(file: string): string {
  const isLink = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? realpathSync(file) : file;
}

function unusable(file: string, error: unknown): AfterokError {
  return new AfterokError('bad-htpasswd', `${file}: ${(error as Error).message}`, null, { cause: error });
}
