import { readFileSync } from 'node:fs';
import type { Checkpoint } from '../../chain/checkpoint.js';
import type { ChainPaths } from '../../chain/paths.js';

/** The text of the script as it was submitted, or null when the chain's folder is gone. */
export function keptScript(paths: ChainPaths, { request }: Checkpoint): string | null {
  try {
    return readFileSync(paths.script(request.script.name), 'utf8');
  } catch {
    return null;
  }
}
