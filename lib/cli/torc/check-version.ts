import type { Client } from '../../client/client.js';
import { compareVersions } from '../../client/version-check.js';
import { AfterokError } from '../../errors.js';
import { API_VERSION } from '../../wire/version.js';

/** Compares versions with the server's; one that does not tell its version is left to the command itself. @throws AfterokError */
export async function checkVersion(client: Client, warn: (text: string) => void): Promise<void> {
  const server = await client.system.version().catch(() => null);
  if (server === null) return;
  const verdict = compareVersions(API_VERSION, server);
  const both = `this is torc ${API_VERSION}, the server is ${server}`;
  if (verdict === 'major') {
    throw new AfterokError(
      'server-version',
      `versions do not fit: ${both}`,
      'use a client of the same major version; --skip-version-check tries nevertheless',
    );
  }
  if (verdict === 'minor') warn(`${both}; what is new here may be missing there`);
  if (verdict === 'patch') warn(`${both}; they differ slightly`);
}
