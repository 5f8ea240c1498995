import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../lib/package-root.js';
import { type Finished, run } from '../../program.js';

export const TORC = join(PACKAGE_ROOT, 'dist/bin/torc.js');

/** An environment with nothing of this machine's Torc. @param url of the server; empty for none */
export function torcEnv(url: string): NodeJS.ProcessEnv {
  const { PATH } = process.env;
  return { PATH, HOME: '/nonexistent', USER: 'alice', ...(url === '' ? {} : { TORC_API_URL: url }) };
}

/** Runs `torc` as a process of its own. */
export async function torc(
  url: string,
  words: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  return await run([process.execPath, TORC, ...words], {
    ...{ cwd, env: { ...torcEnv(url), ...env } },
    timeout: 60,
  });
}

/** The JSON that `torc -f json` prints. */
export async function torcJson(url: string, words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await torc(url, ['-f', 'json', ...words]);
  if (code !== 0) throw new Error(`torc ${words.join(' ')}: exit code ${code}: ${stderr}`);
  return JSON.parse(stdout);
}
