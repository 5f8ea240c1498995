import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The first line of defence against a script edited mid-chain: retries run the kept copy, and the edit is shown. */
export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Whether the person's script still is what was submitted; a script that is gone counts as changed. */
export function scriptChanged(script: { path: string; sha256: string }): boolean {
  try {
    return sha256(readFileSync(script.path)) !== script.sha256;
  } catch {
    return true;
  }
}

/** One word of bash, whatever bytes the text holds. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
