import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../lib/package-root.js';
import { type Finished, run } from '../../program.js';

const TORC = join(PACKAGE_ROOT, 'dist/bin/torc.js');

/** Runs `torc` as a process of its own, with nothing of this machine's Torc in its environment. */
export async function torc(
  url: string,
  words: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Finished> {
  const { PATH, HOME } = process.env;
  return await run([process.execPath, TORC, ...words], {
    cwd,
    env: { PATH, HOME, USER: 'alice', TORC_API_URL: url, ...env },
    timeout: 60,
  });
}

/** The JSON that `torc -f json` prints. */
export async function torcJson(url: string, words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await torc(url, ['-f', 'json', ...words]);
  if (code !== 0) throw new Error(`torc ${words.join(' ')}: exit code ${code}: ${stderr}`);
  return JSON.parse(stdout);
}
