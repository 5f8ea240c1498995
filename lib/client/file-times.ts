import { stat } from 'node:fs/promises';
import type { FileModel } from '../wire/files.js';
import { listAll } from './all.js';
import type { Client } from './client.js';

/** A file of a workflow as the server knows it and as it is on disk. */
export interface FileTime {
  file: FileModel;
  /** Seconds since the epoch; null while there is no such file. */
  onDisk: number | null;
}

/** Seconds; file systems and JSON round times. */
const TOLERANCE = 0.01;

/** Looks at every file of a workflow; paths are relative to the working directory of this process. */
export async function fileTimes(client: Client, workflow: number): Promise<FileTime[]> {
  const files = await listAll(client.files.list, { workflow_id: workflow });
  return await Promise.all(files.map(async (file) => ({ file, onDisk: await modificationTime(file.path) })));
}

/** Whether a file has changed, appeared or disappeared since the server was told of it. */
export function hasChanged({ file, onDisk }: FileTime): boolean {
  const known = file.st_mtime ?? null;
  if (known === null || onDisk === null) return known !== onDisk;
  return Math.abs(known - onDisk) > TOLERANCE;
}

/** Tells the server a file's time as it is on disk. */
export async function storeTime(client: Client, { file, onDisk }: FileTime): Promise<void> {
  const { id } = file;
  if (id !== undefined) await client.files.update({ id, body: { ...file, st_mtime: onDisk ?? undefined } });
}

/** Seconds since the epoch; null for what cannot be looked at. */
async function modificationTime(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs / 1000;
  } catch {
    return null;
  }
}
