import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sideEffect } from './side-effect.js';

/** The whole of a file, or its blocks one after the other. */
type Content = string | Buffer | Generator<string>;

/**
 * Replaces a file so that a reader, or a run after a crash, finds either the old or the new content, whole.
 * Written beside it, flushed, renamed; the folder is flushed too, since the rename is an entry of it.
 * Valid on NFS and Lustre, where rename within a folder is atomic.
 *
 * @param mode permissions; 0o600 for what holds secrets
 * @throws the operating system's error (ENOSPC, EACCES, …); the old file is then untouched
 */
export function writeFileAtomic(path: string, content: Content, mode = 0o644): void {
  sideEffect({ kind: 'write', what: path }, () => replaceFile(path, content, mode));
}

function replaceFile(path: string, content: Content, mode: number): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'w', mode);
    try {
      const blocks = typeof content === 'string' || Buffer.isBuffer(content) ? [content] : content;
      for (const block of blocks) writeFileSync(file, block);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
