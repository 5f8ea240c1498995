import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrno } from './errors.js';
import { sideEffect } from './side-effect.js';

/**
 * Makes a folder and those above it; one that is there already will do. mkdirSync with `recursive` never returns where
 * folders cannot be made and the answer is ENOENT, as in /proc.
 *
 * @param mode of the folder itself
 * @throws the operating system's error
 */
export function makeFolder(path: string, mode = 0o777): void {
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeFolder(parent);
  try {
    sideEffect({ kind: 'make-folder', what: path }, () => mkdirSync(path, { mode }));
  } catch (error) {
    if (!hasErrno(error, 'EEXIST') || !statSync(path).isDirectory()) throw error;
  }
}
